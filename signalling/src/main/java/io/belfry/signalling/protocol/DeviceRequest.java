package io.belfry.signalling.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.belfry.http.ApiException;
import io.belfry.http.Fields;
import io.belfry.signalling.ring.CallStatus;
import io.belfry.signalling.ring.CallType;
import io.belfry.signalling.ring.ReceiverType;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A request on the device socket, its fields checked.
public sealed interface DeviceRequest {
  /// @param lastSeq the last event this device has handled; null when it starts afresh
  record Hello(
      int protocol,
      String authToken,
      String deviceId,
      @Nullable String platform,
      @Nullable Long lastSeq)
      implements DeviceRequest {}

  /// @param timeoutSeconds null for the default
  /// @param metadata as JSON text
  record InitiateCall(
      String receiverId,
      ReceiverType receiverType,
      CallType callType,
      @Nullable Long timeoutSeconds,
      @Nullable String metadata)
      implements DeviceRequest {}

  record AcceptCall(String sessionId) implements DeviceRequest {}

  record RejectCall(String sessionId, CallStatus status) implements DeviceRequest {}

  record EndCall(String sessionId) implements DeviceRequest {}

  /// @param platform such as `fcm_android`, `fcm_web` or `apns_voip`
  record RegisterPushToken(String token, String platform, @Nullable String providerId)
      implements DeviceRequest {}

  record UnregisterPushToken(String token) implements DeviceRequest {}

  record SubscribePresence(Mode mode, Set<String> roles) implements DeviceRequest {
    /// Whose coming and going a device wants to hear of.
    public enum Mode {
      NONE,
      ALL,
      ROLES,
      FRIENDS
    }
  }

  /// The greeting's type.
  String HELLO = "hello";

  int MAX_ID_CHARS = 128;
  int MAX_METADATA_CHARS = 16_384;
  int MAX_ROLES = 100;
  long MAX_TIMEOUT_SECONDS = 86_400;
  int MAX_PUSH_TOKEN_CHARS = 4096;
  Pattern PLATFORM = Pattern.compile("[a-z0-9_-]{1,40}");
  Pattern DEVICE_ID = Pattern.compile("[A-Za-z0-9_-]{8,64}");

  /// @throws ApiException `ERR_UNKNOWN_TYPE`, `ERR_BAD_REQUEST`, `ERR_EMPTY_CALL_SESSION_ID`
  static DeviceRequest parse(String type, JsonNode fields) {
    return switch (type) {
      case HELLO -> hello(fields);
      case "initiateCall" -> initiateCall(fields);
      case "acceptCall" -> new AcceptCall(sessionId(fields));
      case "rejectCall" ->
          new RejectCall(
              sessionId(fields),
              CallStatus.of(
                  Fields.oneOf(fields, "status", List.of("rejected", "busy", "cancelled"))));
      case "endCall" -> new EndCall(sessionId(fields));
      case "subscribePresence" -> subscribePresence(fields);
      case "registerPushToken" -> registerPushToken(fields);
      case "unregisterPushToken" ->
          new UnregisterPushToken(Fields.text(fields, "token", MAX_PUSH_TOKEN_CHARS));
      default -> throw ApiException.unknownType(type);
    };
  }

  private static Hello hello(JsonNode fields) {
    String deviceId = Fields.text(fields, "deviceId", MAX_ID_CHARS);
    if (!DEVICE_ID.matcher(deviceId).matches()) {
      throw ApiException.badRequest(
          "The field deviceId must have 8 to 64 characters of A-Z a-z 0-9 _ -.");
    }
    return new Hello(
        (int) Fields.integer(fields, "protocol", 0, Integer.MAX_VALUE),
        Fields.text(fields, "authToken", 4096),
        deviceId,
        Fields.optionalText(fields, "platform", MAX_ID_CHARS),
        Fields.optionalInteger(fields, "lastSeq", 0, 1L << 53));
  }

  /// The call that these fields ask for, on a socket or over REST.
  ///
  /// @throws ApiException `ERR_BAD_REQUEST`
  static InitiateCall initiateCall(JsonNode fields) {
    ObjectNode metadata = Fields.optionalObject(fields, "metadata");
    String metadataText = metadata == null ? null : metadata.toString();
    if (metadataText != null && metadataText.length() > MAX_METADATA_CHARS) {
      throw ApiException.badRequest(
          "The field metadata must not be longer than " + MAX_METADATA_CHARS + " characters.");
    }
    return new InitiateCall(
        Fields.text(fields, "receiverId", MAX_ID_CHARS),
        ReceiverType.of(Fields.oneOf(fields, "receiverType", List.of("user", "group"))),
        CallType.of(Fields.oneOf(fields, "callType", List.of("audio", "video"))),
        Fields.optionalInteger(fields, "timeoutSeconds", 1, MAX_TIMEOUT_SECONDS),
        metadataText);
  }

  /// The registration that these fields ask for, on a socket or over REST.
  ///
  /// @throws ApiException `ERR_BAD_REQUEST`
  static RegisterPushToken registerPushToken(JsonNode fields) {
    String named = Fields.optionalText(fields, "platform", MAX_ID_CHARS);
    String platform = named == null ? "fcm_web" : named;
    if (!PLATFORM.matcher(platform).matches()) {
      throw ApiException.badRequest(
          "The field platform must have 1 to 40 characters of a-z 0-9 _ -.");
    }
    return new RegisterPushToken(
        Fields.text(fields, "token", MAX_PUSH_TOKEN_CHARS),
        platform,
        Fields.optionalText(fields, "providerId", 100));
  }

  private static SubscribePresence subscribePresence(JsonNode fields) {
    String mode = Fields.oneOf(fields, "mode", List.of("all", "roles", "friends", "none"));
    return switch (mode) {
      case "all" -> new SubscribePresence(SubscribePresence.Mode.ALL, Set.of());
      case "friends" -> new SubscribePresence(SubscribePresence.Mode.FRIENDS, Set.of());
      case "roles" ->
          new SubscribePresence(
              SubscribePresence.Mode.ROLES, Set.copyOf(Fields.texts(fields, "roles", MAX_ROLES)));
      default -> new SubscribePresence(SubscribePresence.Mode.NONE, Set.of());
    };
  }

  private static String sessionId(JsonNode fields) {
    String sessionId = Fields.optionalText(fields, "sessionId", MAX_ID_CHARS);
    if (sessionId == null || sessionId.isBlank()) {
      throw new ApiException(
          400, "ERR_EMPTY_CALL_SESSION_ID", "The request does not name a call's session.");
    }
    return sessionId;
  }
}
