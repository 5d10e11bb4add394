package io.belfry.signalling.ring;

/// The events about calls, under the names of the calling API's listeners.
public enum CallEventType {
  INCOMING_CALL_RECEIVED("onIncomingCallReceived"),
  OUTGOING_CALL_ACCEPTED("onOutgoingCallAccepted"),
  OUTGOING_CALL_REJECTED("onOutgoingCallRejected"),
  INCOMING_CALL_CANCELLED("onIncomingCallCancelled"),
  CALL_ENDED("onCallEndedMessageReceived"),
  /// Not of the calling API: something failed that this side did not ask for.
  CALL_ERROR("onCallError");

  private final String wireName;

  CallEventType(String wireName) {
    this.wireName = wireName;
  }

  public String wireName() {
    return wireName;
  }
}
