/// The `belfry` command: reads the settings, starts the nodes and wires them to each other. It
/// decides nothing about calls or media.
@NullMarked
package io.belfry.app;

import org.jspecify.annotations.NullMarked;
