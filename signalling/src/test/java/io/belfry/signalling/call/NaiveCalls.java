package io.belfry.signalling.call;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What users of a telephone expect, written down naively: mutable, in one place, without versions,
/// effects or a store. The real thing is compared with it.
final class NaiveCalls {
  static final long RING_MILLIS = 45_000;
  static final long JOIN_MILLIS = 60_000;
  static final String GROUP = "team";

  final Map<String, List<String>> members;
  final Map<String, Call> calls = new LinkedHashMap<>();

  /// By device (`anna/1`): the events it must have got, as `session type status`.
  final Map<String, List<String>> told = new TreeMap<>();

  final Map<String, List<String>> devices;

  static final class Call {
    final String id;
    final String caller;
    final boolean isGroup;
    final long ringUntil;
    String status = "initiated";
    final Map<String, String> parts = new LinkedHashMap<>();
    final Map<String, Long> acceptedAt = new HashMap<>();

    Call(String id, String caller, boolean isGroup, long ringUntil) {
      this.id = id;
      this.caller = caller;
      this.isGroup = isGroup;
      this.ringUntil = ringUntil;
    }

    boolean isOver() {
      return !status.equals("initiated") && !status.equals("ongoing");
    }

    List<String> in(String... states) {
      List<String> uids = new ArrayList<>();
      parts.forEach((uid, state) -> {
        if (List.of(states).contains(state)) {
          uids.add(uid);
        }
      });
      return uids;
    }
  }

  NaiveCalls(Map<String, List<String>> members, Map<String, List<String>> devices) {
    this.members = members;
    this.devices = devices;
    devices.forEach((uid, ids) -> ids.forEach(id -> told.put(uid + "/" + id, new ArrayList<>())));
  }

  @Nullable Call busyWith(String uid) {
    for (Call call : calls.values()) {
      if (!call.isOver() && call.in("calling", "accepted", "in").contains(uid)) {
        return call;
      }
    }
    return null;
  }

  private void tell(Call call, String uid, String type, String status, @Nullable String except) {
    for (String device : devices.getOrDefault(uid, List.of())) {
      if (!(uid + "/" + device).equals(except)) {
        notes(uid, device).add(call.id + " " + type + " " + status);
      }
    }
  }

  private List<String> notes(String uid, String device) {
    return told.computeIfAbsent(uid + "/" + device, key -> new ArrayList<>());
  }

  /// @return the refusal's code, or null
  @Nullable String initiate(
      String id, String caller, String device, String receiver, boolean isGroup, long now) {
    List<String> called =
        isGroup ? new ArrayList<>(members.getOrDefault(receiver, List.of())) : List.of(receiver);
    if (isGroup && !called.remove(caller)) {
      return "ERR_NOT_A_MEMBER";
    }
    if (!isGroup && receiver.equals(caller)) {
      return "ERR_CALLING_SELF";
    }
    for (Call theirs : calls.values()) {
      if (!isGroup && isRinging(theirs, receiver, caller)) {
        String refusal = accept(theirs, caller, device, now);
        if (refusal == null) {
          notes(caller, device).add(theirs.id + " onIncomingCallCancelled ongoing");
          notes(caller, device).add(theirs.id + " onOutgoingCallAccepted ongoing");
        }
        return refusal;
      }
    }
    if (busyWith(caller) != null) {
      return "ERR_CALL_BUSY_SELF";
    }
    if (isGroup && calls.values().stream().anyMatch(call -> call.isGroup && !call.isOver())) {
      return "ERR_CALL_BUSY_GROUP";
    }
    Call call = new Call(id, caller, isGroup, now + RING_MILLIS);
    call.parts.put(caller, "calling");
    for (String uid : called) {
      call.parts.put(uid, "ringing");
      tell(call, uid, "onIncomingCallReceived", "initiated", null);
    }
    calls.put(id, call);
    return null;
  }

  private static boolean isRinging(Call call, String caller, String callee) {
    return !call.isGroup
        && call.status.equals("initiated")
        && call.caller.equals(caller)
        && call.parts.containsKey(callee);
  }

  @Nullable String accept(Call call, String uid, String device, long now) {
    String part = call.parts.get(uid);
    if (part == null) {
      return "ERR_CALL_NOT_A_PART";
    }
    if (call.isOver()) {
      return "ERR_CALL_TERMINATED";
    }
    if (call.status.equals("ongoing")) {
      if (!call.isGroup) {
        return "ERR_CALL_USER_ALREADY_JOINED";
      }
      if (part.equals("accepted") || part.equals("in")) {
        return "ERR_CALL_GROUP_ALREADY_JOINED";
      }
    } else if (uid.equals(call.caller)) {
      return "ERR_CALL_NOT_A_PART";
    }
    if (busyWith(uid) != null) {
      return "ERR_CALL_BUSY_SELF";
    }
    if (call.status.equals("initiated")) {
      call.status = "ongoing";
      call.parts.put(call.caller, "accepted");
      call.acceptedAt.put(call.caller, now);
      tell(call, call.caller, "onOutgoingCallAccepted", "ongoing", null);
    }
    call.parts.put(uid, "accepted");
    call.acceptedAt.put(uid, now);
    tell(call, uid, "onIncomingCallCancelled", "ongoing", uid + "/" + device);
    return null;
  }

  @Nullable String reject(Call call, String uid, String device, String how) {
    String part = call.parts.get(uid);
    if (part == null) {
      return "ERR_CALL_NOT_A_PART";
    }
    if (call.isOver()) {
      return "ERR_CALL_TERMINATED";
    }
    boolean isCaller = uid.equals(call.caller);
    if (call.status.equals("ongoing")) {
      if (call.isGroup && how.equals("busy")) {
        return "ERR_CALL_GROUP_INVALID_STATUS";
      }
      if (!call.isGroup || !how.equals("rejected") || !part.equals("ringing")) {
        return "ERR_CALL_ONGOING_TO_INVALID";
      }
    } else {
      if (how.equals("cancelled") != isCaller && !(call.isGroup && how.equals("busy"))) {
        return "ERR_CALL_NOT_A_PART";
      }
      if (call.isGroup && how.equals("busy")) {
        return "ERR_CALL_GROUP_INVALID_STATUS";
      }
    }
    if (how.equals("cancelled")) {
      for (String ringing : call.in("ringing")) {
        tell(call, ringing, "onIncomingCallCancelled", "cancelled", null);
      }
      finish(call, "cancelled");
      return null;
    }
    call.parts.put(uid, "rejected");
    if (!call.isGroup) {
      tell(call, call.caller, "onOutgoingCallRejected", how, null);
      tell(call, uid, "onIncomingCallCancelled", how, uid + "/" + device);
      finish(call, how);
    } else if (call.status.equals("initiated") && call.in("ringing").isEmpty()) {
      tell(call, call.caller, "onOutgoingCallRejected", "unanswered", null);
      tell(call, uid, "onIncomingCallCancelled", "unanswered", uid + "/" + device);
      finish(call, "unanswered");
    } else {
      tell(call, uid, "onIncomingCallCancelled", "rejected", uid + "/" + device);
    }
    return null;
  }

  @Nullable String end(Call call, String uid, String device) {
    String part = call.parts.get(uid);
    if (part == null) {
      return "ERR_CALL_NOT_A_PART";
    }
    if (call.isOver()) {
      return "ERR_CALL_TERMINATED";
    }
    if (call.status.equals("initiated")) {
      return "ERR_CALL_NOT_STARTED";
    }
    if (call.isGroup) {
      if (part.equals("left")) {
        return "ERR_CALL_GROUP_ALREADY_LEFT";
      }
      if (!part.equals("accepted") && !part.equals("in")) {
        return "ERR_CALL_NOT_A_PART";
      }
    }
    gone(call, uid, uid + "/" + device);
    return null;
  }

  private void gone(Call call, String uid, @Nullable String except) {
    if (!call.isGroup) {
      for (String part : call.parts.keySet()) {
        tell(call, part, "onCallEndedMessageReceived", "ended", part.equals(uid) ? except : null);
      }
      finish(call, "ended");
      return;
    }
    tell(call, uid, "onCallEndedMessageReceived", "ended", except);
    call.parts.put(uid, "left");
    if (call.in("accepted", "in").isEmpty()) {
      for (String ringing : call.in("ringing")) {
        tell(call, ringing, "onIncomingCallCancelled", "ended", null);
      }
      finish(call, "ended");
    }
  }

  private static void finish(Call call, String outcome) {
    call.status = outcome;
  }

  void joinedMedia(Call call, String uid) {
    if (call.status.equals("ongoing") && "accepted".equals(call.parts.get(uid))) {
      call.parts.put(uid, "in");
    }
  }

  void lostMedia(Call call, String uid) {
    if (call.status.equals("ongoing") && call.in("accepted", "in").contains(uid)) {
      gone(call, uid, null);
    }
  }

  /// Lets time pass from `from` to `to`, both inclusive of nothing and everything.
  void pass(long to) {
    while (true) {
      long earliest = Long.MAX_VALUE;
      Runnable due = null;
      for (Call call : calls.values()) {
        if (call.isOver()) {
          continue;
        }
        if (!call.in("ringing").isEmpty() || call.status.equals("initiated")) {
          if (call.ringUntil <= to && call.ringUntil < earliest) {
            earliest = call.ringUntil;
            due = () -> ringOut(call);
          }
        }
        for (String uid : call.in("accepted")) {
          long until = call.acceptedAt.getOrDefault(uid, 0L) + JOIN_MILLIS;
          if (until <= to && until < earliest) {
            earliest = until;
            due = () -> gone(call, uid, null);
          }
        }
      }
      if (due == null) {
        return;
      }
      due.run();
    }
  }

  private void ringOut(Call call) {
    if (call.status.equals("initiated")) {
      tell(call, call.caller, "onOutgoingCallRejected", "unanswered", null);
    }
    for (String uid : call.in("ringing")) {
      tell(call, uid, "onIncomingCallCancelled", "unanswered", null);
      call.parts.put(uid, "missed");
    }
    if (call.status.equals("initiated")) {
      finish(call, "unanswered");
    }
  }
}
