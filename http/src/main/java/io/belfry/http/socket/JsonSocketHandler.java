package io.belfry.http.socket;

import com.fasterxml.jackson.databind.JsonNode;
import io.belfry.http.ApiException;

/// One socket's requests. The calls come one after another, on a virtual thread, so they may block;
/// while one does, the socket's next requests wait.
public interface JsonSocketHandler {

  /// A request, `ping` excepted. Until {@link JsonSocket#greeted} only the greeting gets here.
  ///
  /// @param fields the whole frame
  /// @return the answer's `data`
  /// @throws ApiException to refuse; the socket stays open
  Object onRequest(String type, JsonNode fields) throws ApiException;

  /// The client has handled all events up to this one.
  void onAck(long seq);

  /// The socket is gone; the last call there is.
  ///
  /// @param code the WebSocket close code (RFC 6455 §7.4), 1006 if the connection just broke
  void onClosed(int code, String reason);
}
