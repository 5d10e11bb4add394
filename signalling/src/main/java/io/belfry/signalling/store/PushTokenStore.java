package io.belfry.signalling.store;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where users who are not connected can be reached.
public interface PushTokenStore {

  /// @param platform as the app named it when it registered, such as `fcm_android` or `apns_voip`
  /// @param providerId which of several push services of that kind; null for the only one
  record PushToken(
      String uid, String token, String platform, @Nullable String providerId, Instant createdAt) {}

  /// Registers a token, which has one user at a time: an app that logs somebody else in takes its
  /// token along.
  ///
  /// @param max the user's oldest tokens beyond this many are forgotten
  void put(PushToken token, int max);

  /// The newest first.
  List<PushToken> of(String uid);

  /// @param uid only if it is this user's; null for anybody's
  /// @return whether it was there
  boolean remove(String token, @Nullable String uid);
}
