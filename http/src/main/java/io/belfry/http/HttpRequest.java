package io.belfry.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A request with its whole body (RFC 9110).
///
/// @param method in capitals
/// @param path decoded, without the query
/// @param parameters what the route's `{name}` parts matched, decoded
/// @param query by name, decoded; values of a repeated name are in the order received
/// @param headers by lower-case name; values of a repeated header are in the order received
@SuppressWarnings("ArrayRecordComponent") // never compared; the body is handed over, not shared
public record HttpRequest(
    String method,
    String path,
    Map<String, String> parameters,
    Map<String, List<String>> query,
    Map<String, List<String>> headers,
    byte[] body,
    InetSocketAddress remoteAddress) {

  /// The first value of a header, whatever the capitals, or null.
  public @Nullable String header(String name) {
    List<String> values = headers.get(name.toLowerCase(Locale.ROOT));
    return values == null || values.isEmpty() ? null : values.getFirst();
  }

  /// What the route's `{name}` part matched.
  ///
  /// @throws IllegalArgumentException if the route has no such part: our mistake, not the client's
  public String parameter(String name) {
    String value = parameters.get(name);
    if (value == null) {
      throw new IllegalArgumentException("the route has no {" + name + "}");
    }
    return value;
  }

  /// The first value of a name in the query, or null.
  public @Nullable String query(String name) {
    List<String> values = query.get(name);
    return values == null || values.isEmpty() ? null : values.getFirst();
  }

  /// Every value of a name in the query.
  public List<String> queryAll(String name) {
    return query.getOrDefault(name, List.of());
  }

  /// A whole number in the query, or `absent` when there is none.
  ///
  /// @throws ApiException if it is not a number in [min, max]
  public int queryInteger(String name, int min, int max, int absent) {
    String value = query(name);
    if (value == null) {
      return absent;
    }
    try {
      int number = Integer.parseInt(value);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Answered below, as a number out of range is.
    }
    throw ApiException.badRequest(
        "The parameter " + name + " must be a whole number in [" + min + ", " + max + "].");
  }

  /// The body as a JSON object; an empty body counts as `{}`.
  ///
  /// @throws ApiException if it is anything else
  public ObjectNode json() {
    if (body.length == 0) {
      return Json.object();
    }
    ObjectNode object = Json.parseObject(body);
    if (object == null) {
      throw ApiException.badRequest("The body must be a JSON object.");
    }
    return object;
  }

  /// Whether the client takes gzip (RFC 9110 §12.5.3).
  public boolean acceptsGzip() {
    String accepted = header("accept-encoding");
    return accepted != null
        && accepted.matches("(?i).*\\bgzip\\b(?!\\s*;\\s*q=0(\\.0*)?\\s*(,|$)).*");
  }

  /// The same request with what its route matched.
  public HttpRequest withParameters(Map<String, String> matched) {
    return new HttpRequest(method, path, matched, query, headers, body, remoteAddress);
  }
}
