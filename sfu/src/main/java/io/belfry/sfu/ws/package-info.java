/// The session socket (docs/protocol.md §5): from JSON requests to calls on a session. No
/// decisions.
@NullMarked
package io.belfry.sfu.ws;

import org.jspecify.annotations.NullMarked;
