package io.belfry.http;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/// An answer with its whole body (RFC 9110). The shell adds length, date and connection headers.
///
/// @param headers in the order they are sent; a value of several lines is sent as that many headers
@SuppressWarnings("ArrayRecordComponent") // never compared; the body is handed over, not shared
public record HttpResponse(int status, Map<String, String> headers, byte[] body) {
  private static final byte[] NO_BODY = {};

  public HttpResponse {
    headers = Map.copyOf(headers);
  }

  /// 200 with `{"data": …}`.
  public static HttpResponse data(Object data) {
    return json(200, Json.object().set("data", Json.toTree(data)));
  }

  /// A JSON body as it is, not to be cached: answers are about this moment.
  public static HttpResponse json(int status, Object body) {
    return new HttpResponse(
        status,
        Map.of("content-type", "application/json; charset=utf-8", "cache-control", "no-store"),
        Json.toBytes(body));
  }

  /// The refusal's status with `{"error": …}`, and when to try again, if it says so.
  public static HttpResponse error(ApiException refusal) {
    HttpResponse answer = json(refusal.status(), Json.object().set("error", refusal.toJson()));
    return refusal.retryAfterSeconds() == 0
        ? answer
        : answer.withHeader("retry-after", Long.toString(refusal.retryAfterSeconds()));
  }

  public static HttpResponse text(int status, String contentType, String body) {
    return new HttpResponse(
        status, Map.of("content-type", contentType), body.getBytes(StandardCharsets.UTF_8));
  }

  public static HttpResponse empty(int status) {
    return new HttpResponse(status, Map.of(), NO_BODY);
  }

  public HttpResponse withHeader(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new HttpResponse(status, more, body);
  }
}
