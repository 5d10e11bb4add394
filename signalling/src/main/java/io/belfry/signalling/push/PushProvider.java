package io.belfry.signalling.push;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.belfry.signalling.store.PushTokenStore.PushToken;
import java.io.IOException;
import java.time.Instant;
import java.util.Locale;

/// A push service.
@FunctionalInterface
public interface PushProvider {

  /// What a phone is told.
  enum Kind {
    /// A call rings.
    RING,
    /// It rings no longer, here or anywhere.
    CANCEL;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// One message to one phone.
  ///
  /// @param call the call, as docs/protocol.md §8 shows it
  /// @param collapseKey the same for all messages about one call, at most 64 characters
  /// @param expiresAt when it is of no use any more
  record PushMessage(
      Kind kind, PushToken token, ObjectNode call, String collapseKey, Instant expiresAt) {}

  /// What came of it.
  enum Outcome {
    SENT,
    /// The token is good for nothing any more, and is forgotten.
    TOKEN_GONE,
    /// It may work another time.
    FAILED
  }

  /// May block.
  ///
  /// @throws IOException if the service cannot be reached, in words
  Outcome send(PushMessage message) throws IOException, InterruptedException;
}
