/// The REST routes (docs/protocol.md §2): who may ask what, and the answers' shapes.
@NullMarked
package io.belfry.signalling.http;

import org.jspecify.annotations.NullMarked;
