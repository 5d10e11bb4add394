/// The JSON sockets of the wire protocol (docs/protocol.md §1), free of I/O: requests with ids and
/// their answers, greeting, heart-beat, events that are kept until acknowledged. The WebSocket (RFC
/// 6455) itself is the server shell's.
@NullMarked
package io.belfry.http.socket;

import org.jspecify.annotations.NullMarked;
