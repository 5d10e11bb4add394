/// The people that development mode brings along, and its key. They exist in no other mode.
@NullMarked
package io.belfry.signalling.demo;

import org.jspecify.annotations.NullMarked;
