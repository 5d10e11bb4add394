/// The signalling node: users, rings, presence, call tokens, and the store behind them. It hands a
/// call over to an SFU through `MediaNode` and hears through it who is there.
@NullMarked
package io.belfry.signalling;

import org.jspecify.annotations.NullMarked;
