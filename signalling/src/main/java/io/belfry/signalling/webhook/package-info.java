/// Tells the operator's servers what happens to calls (docs/protocol.md §7): from the outbox, in
/// the order of each call, again and again until they take it, and signed. What an endpoint does
/// delays no other endpoint and no call.
@NullMarked
package io.belfry.signalling.webhook;

import org.jspecify.annotations.NullMarked;
