package io.belfry.http.socket;

import io.belfry.http.HttpRequest;

/// What stands behind a socket path.
@FunctionalInterface
public interface JsonSocketEndpoint {

  /// A socket was opened. Called on the network's thread: it must not block.
  JsonSocketHandler onOpen(JsonSocket socket, HttpRequest upgrade);
}
