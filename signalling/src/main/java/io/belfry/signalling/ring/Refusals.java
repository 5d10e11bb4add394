package io.belfry.signalling.ring;

/// The refusals that user and group calls share, with their codes of the calling API.
final class Refusals {
  static final Step.Unchanged UNCHANGED = new Step.Unchanged();

  static final Step.Refused NOT_A_PART =
      new Step.Refused("ERR_CALL_NOT_A_PART", "The user is not a part of this call.");
  static final Step.Refused TERMINATED =
      new Step.Refused("ERR_CALL_TERMINATED", "The call is already over.");
  static final Step.Refused NOT_STARTED =
      new Step.Refused(
          "ERR_CALL_NOT_STARTED",
          "The call has not been accepted yet: the caller cancels it, the callee rejects it.");
  static final Step.Refused ONGOING_TO_INVALID =
      new Step.Refused(
          "ERR_CALL_ONGOING_TO_INVALID",
          "The call is ongoing and can only be ended, not rejected or cancelled.");
  static final Step.Refused CANCEL_IS_THE_CALLERS =
      new Step.Refused(
          "ERR_CALL_NOT_A_PART", "Only the caller cancels a call; the callee rejects it.");
  static final Step.Refused REJECT_IS_THE_CALLEES =
      new Step.Refused(
          "ERR_CALL_NOT_A_PART", "Only the callee rejects a call; the caller cancels it.");
  static final Step.Refused CALLER_CANNOT_ACCEPT =
      new Step.Refused("ERR_CALL_NOT_A_PART", "Only the callee accepts a call.");
  static final Step.Refused USER_ALREADY_JOINED =
      new Step.Refused("ERR_CALL_USER_ALREADY_JOINED", "The call was accepted on another device.");
  static final Step.Refused GROUP_ALREADY_JOINED =
      new Step.Refused("ERR_CALL_GROUP_ALREADY_JOINED", "The user is in this call already.");
  static final Step.Refused GROUP_ALREADY_LEFT =
      new Step.Refused("ERR_CALL_GROUP_ALREADY_LEFT", "The user has left this call already.");
  static final Step.Refused GROUP_INVALID_STATUS =
      new Step.Refused("ERR_CALL_GROUP_INVALID_STATUS", "A group cannot be busy.");

  private Refusals() {}
}
