/// Wakes callees none of whose devices is connected (docs/protocol.md §8): through an interface for
/// push services, with one implementation that asks the operator's own server. What a push service
/// does or does not do never delays a ring, and a lost push costs no more than itself.
@NullMarked
package io.belfry.signalling.push;

import org.jspecify.annotations.NullMarked;
