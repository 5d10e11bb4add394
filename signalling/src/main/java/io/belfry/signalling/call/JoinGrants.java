package io.belfry.signalling.call;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.belfry.common.id.SessionId;
import io.belfry.http.Json;
import io.belfry.signalling.auth.CallTokens;
import io.belfry.signalling.store.User;

/// The right to join a session, as clients get it (docs/protocol.md §3): with the acceptance of a
/// call, or when they ask.
public interface JoinGrants {

  ObjectNode grant(SessionId sessionId, User user);

  /// @param sessionUrl where the session socket is
  static JoinGrants of(CallTokens tokens, String sessionUrl) {
    return (sessionId, user) ->
        Json.object()
            .put("sessionId", sessionId.value())
            .put("token", tokens.sign(sessionId, user))
            .put("url", sessionUrl);
  }
}
