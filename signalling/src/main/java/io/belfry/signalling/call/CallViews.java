package io.belfry.signalling.call;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.belfry.http.Json;
import io.belfry.signalling.presence.Devices;
import io.belfry.signalling.protocol.Shapes;
import io.belfry.signalling.ring.ReceiverType;
import io.belfry.signalling.ring.RingCall;
import io.belfry.signalling.store.CallStore.StoredAction;
import io.belfry.signalling.store.User;
import io.belfry.signalling.store.UserStore;
import java.util.List;
import java.util.Map;

/// Draws calls with the users and groups in them as they are now.
final class CallViews {
  private final UserStore users;
  private final Devices devices;

  CallViews(UserStore users, Devices devices) {
    this.users = users;
    this.devices = devices;
  }

  ObjectNode call(RingCall call, StoredAction action) {
    return Shapes.call(call, action, parties(call, action.action().actor()));
  }

  ObjectNode endAnswer(RingCall call, StoredAction action) {
    return Shapes.endAnswer(call, action, parties(call, action.action().actor()));
  }

  private Shapes.Parties parties(RingCall call, String actor) {
    if (call.receiverType() == ReceiverType.GROUP) {
      Map<String, User> found = users.findUsers(List.of(call.initiator(), actor));
      ObjectNode group =
          users
              .findGroup(call.receiverId())
              .map(Shapes::group)
              .orElseGet(() -> Json.object().put("guid", call.receiverId()));
      return new Shapes.Parties(
          user(found, actor), group, user(found, call.initiator()), group.deepCopy());
    }
    Map<String, User> found = users.findUsers(List.of(call.initiator(), call.receiverId()));
    return new Shapes.Parties(
        user(found, actor),
        user(found, call.counterpartOf(actor)),
        user(found, call.initiator()),
        user(found, call.receiverId()));
  }

  private ObjectNode user(Map<String, User> found, String uid) {
    User user = found.get(uid);
    return user == null ? Json.object().put("uid", uid) : Shapes.user(user, devices.isOnline(uid));
  }
}
