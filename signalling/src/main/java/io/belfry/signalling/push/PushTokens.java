package io.belfry.signalling.push;

import io.belfry.signalling.auth.Secrets;
import io.belfry.signalling.protocol.DeviceRequest.RegisterPushToken;
import io.belfry.signalling.store.PushTokenStore;
import io.belfry.signalling.store.PushTokenStore.PushToken;
import java.time.Clock;
import java.util.List;

/// Registers users' phones, over REST and over the device socket.
public final class PushTokens {
  private static final int ID_CHARS = 16;

  private final PushTokenStore store;
  private final int maxPerUser;
  private final Clock clock;

  public PushTokens(PushTokenStore store, int maxPerUser, Clock clock) {
    this.store = store;
    this.maxPerUser = maxPerUser;
    this.clock = clock;
  }

  public PushToken register(String uid, RegisterPushToken request) {
    PushToken token =
        new PushToken(
            uid, request.token(), request.platform(), request.providerId(), clock.instant());
    store.put(token, maxPerUser);
    return token;
  }

  public void unregister(String uid, String token) {
    store.remove(token, uid);
  }

  public List<PushToken> of(String uid) {
    return store.of(uid);
  }

  /// Names a token without giving it away.
  public static String idOf(String token) {
    return Secrets.hash(token).substring(0, ID_CHARS);
  }
}
