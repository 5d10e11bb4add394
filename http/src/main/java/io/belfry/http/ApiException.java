package io.belfry.http;

import com.fasterxml.jackson.databind.node.ObjectNode;

/// A refusal that the client is told about: over REST as a status and a body, over a socket as an
/// error frame. Thrown by handlers; it carries no stack trace, being an answer and not a defect.
public final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String code;
  private final String details;
  private final long retryAfterSeconds;

  /// @param status the HTTP status, in [400, 599]; sockets do not show it
  /// @param code a stable word for programs, `ERR_…`
  /// @param message a sentence for the developer, without secrets
  /// @param details more for the developer, may be empty
  public ApiException(int status, String code, String message, String details) {
    this(status, code, message, details, 0);
  }

  private ApiException(
      int status, String code, String message, String details, long retryAfterSeconds) {
    super(message, null, false, false);
    this.status = status;
    this.code = code;
    this.details = details;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  public ApiException(int status, String code, String message) {
    this(status, code, message, "");
  }

  /// A request that is not as the protocol asks: a field is missing or of the wrong type.
  public static ApiException badRequest(String message) {
    return new ApiException(400, "ERR_BAD_REQUEST", message);
  }

  /// A request of a type nobody knows.
  public static ApiException unknownType(String type) {
    return new ApiException(
        400, "ERR_UNKNOWN_TYPE", "There is no request of type " + abbreviate(type) + ".");
  }

  /// More than a limit allows (RFC 6585 §4).
  ///
  /// @param waitNanos after which it would be heard
  public static ApiException tooManyRequests(String message, long waitNanos) {
    long seconds = Math.max(1, (waitNanos + 999_999_999L) / 1_000_000_000L);
    return new ApiException(429, "ERR_TOO_MANY_REQUESTS", message, "", seconds);
  }

  /// When to try again, in seconds; 0 when there is nothing to say about it.
  public long retryAfterSeconds() {
    return retryAfterSeconds;
  }

  public int status() {
    return status;
  }

  public String code() {
    return code;
  }

  public String message() {
    String message = getMessage();
    return message == null ? "" : message;
  }

  public String details() {
    return details;
  }

  /// `{"code", "name", "message", "details"}`; the name repeats the code, as in the calling API.
  /// The details are a text, or `{"retryAfter": seconds}`.
  public ObjectNode toJson() {
    ObjectNode json = Json.object().put("code", code).put("name", code).put("message", message());
    return retryAfterSeconds == 0
        ? json.put("details", details)
        : json.set("details", Json.object().put("retryAfter", retryAfterSeconds));
  }

  private static String abbreviate(String text) {
    return '"' + (text.length() <= 40 ? text : text.substring(0, 40) + "…") + '"';
  }
}
