package io.belfry.common.media;

import io.belfry.common.id.SessionId;
import java.util.function.Consumer;

/// An SFU as the signalling node sees it.
public interface MediaNode {

  /// Opens a session, so that participants who hold a call token for it may join. Opening an open
  /// session again changes nothing.
  ///
  /// @throws MediaUnavailableException if the SFU cannot be reached or takes no new sessions
  void open(SessionSpec session) throws MediaUnavailableException;

  /// Closes a session: its participants are told why and by whom, and disconnected. Closing a
  /// session that is not open changes nothing.
  void close(SessionId sessionId, CloseReason reason);

  /// Registers a receiver of this node's events. It is called in order for each session, on a
  /// thread that may block.
  void onEvent(Consumer<MediaEvent> receiver);

  /// The WebSocket address at which participants join, or a path (`/v1/session`) when it is the
  /// origin that served the signalling node.
  String sessionUrl();
}
