/// Things to do later, as an interface, so that tests turn the time by hand.
@NullMarked
package io.belfry.signalling.timer;

import org.jspecify.annotations.NullMarked;
