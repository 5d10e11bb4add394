/// Time as an argument: clocks that are handed in, and one that tests turn by hand.
@NullMarked
package io.belfry.common.time;

import org.jspecify.annotations.NullMarked;
