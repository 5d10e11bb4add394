/// The Netty shell: sockets, TLS, HTTP/1.1 (RFC 9112) and WebSocket (RFC 6455) framing around the
/// routes and JSON sockets. It decides nothing that a handler could decide. HTTP/2 and
/// permessage-deflate are left out: answers are small, and a compressor for each of ten thousand
/// idle sockets would cost more memory than everything else about them.
@NullMarked
package io.belfry.http.server;

import org.jspecify.annotations.NullMarked;
