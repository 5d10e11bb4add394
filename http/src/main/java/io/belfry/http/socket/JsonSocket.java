package io.belfry.http.socket;

import java.net.InetSocketAddress;

/// An open socket as its handler sees it. Every method may be called from any thread and none
/// blocks.
public interface JsonSocket {

  /// Sends a frame: a record, map or JSON tree. While a request of this socket is being handled, it
  /// waits for that one's answer, so that an answer always goes before what came of it. A socket
  /// that is closed ignores it; one whose reader is too slow is cut off.
  void send(Object frame);

  /// Closes after what was sent before. Within `onRequest` it takes effect after the answer.
  ///
  /// @param code the WebSocket close code (RFC 6455 §7.4)
  void close(int code, String reason);

  /// Runs once the answer to the request that is being handled has been sent; at once when there is
  /// none. So a greeting's answer goes before the events it lets flow. Only for the thread that is
  /// in `onRequest`.
  void afterAnswer(Runnable task);

  /// The greeting was accepted: other requests may now come, and the greeting's time-out is off.
  void greeted();

  InetSocketAddress remoteAddress();
}
