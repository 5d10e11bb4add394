package io.belfry.signalling.presence;

import com.fasterxml.jackson.databind.JsonNode;
import io.belfry.http.Json;
import io.belfry.signalling.protocol.DeviceRequest.SubscribePresence;
import io.belfry.signalling.protocol.Shapes;
import io.belfry.signalling.store.User;
import io.belfry.signalling.store.UserStore;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;

/// Tells subscribed devices who came and who went, and notes when.
public final class PresenceNews implements Devices.Listener {
  private final Devices devices;
  private final UserStore users;
  private final Clock clock;

  public PresenceNews(Devices devices, UserStore users, Clock clock) {
    this.devices = devices;
    this.users = users;
    this.clock = clock;
  }

  @Override
  public void onOnline(String uid) {
    publish("onUserOnline", uid, true);
  }

  @Override
  public void onOffline(String uid) {
    users.setLastActive(uid, clock.instant());
    publish("onUserOffline", uid, false);
  }

  private void publish(String type, String uid, boolean isOnline) {
    Set<Device> subscribers = devices.subscribers();
    Optional<User> user = subscribers.isEmpty() ? Optional.empty() : users.findUser(uid);
    if (user.isEmpty()) {
      return;
    }
    Set<String> friends = users.friendsOf(uid);
    JsonNode data = Json.object().set("user", Shapes.user(user.get(), isOnline));
    for (Device device : subscribers) {
      if (!device.uid().equals(uid) && wants(device, user.get(), friends)) {
        device.tellPresence(type, data);
      }
    }
  }

  private static boolean wants(Device device, User user, Set<String> friends) {
    SubscribePresence subscription = device.subscription();
    return switch (subscription.mode()) {
      case NONE -> false;
      case ALL -> true;
      case ROLES -> subscription.roles().contains(user.role());
      case FRIENDS -> friends.contains(device.uid());
    };
  }
}
