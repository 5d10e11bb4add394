package io.belfry.load;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A participant's resource on the server (RFC 9725 §4.2).
///
/// @param location where it is deleted
/// @param token that opened it
/// @param answer the server's description
record Resource(URI location, String token, String answer) {
  private static final Duration TIMEOUT = Duration.ofSeconds(15);
  private static final Pattern ERROR_CODE = Pattern.compile("\"code\"\\s*:\\s*\"([A-Z0-9_]+)\"");

  /// Offers once.
  static Resource create(HttpClient http, URI endpoint, String token, String offer)
      throws JoinException, InterruptedException {
    HttpRequest request =
        request(endpoint, token)
            .header("content-type", "application/sdp")
            .POST(BodyPublishers.ofString(offer))
            .build();
    HttpResponse<String> created;
    try {
      created = http.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      throw new JoinException("no answer from " + endpoint + ": " + reason, e);
    }
    if (created.statusCode() != 201) {
      Matcher code = ERROR_CODE.matcher(created.body());
      String name = code.find() ? " " + code.group(1) : "";
      throw new JoinException(endpoint.getPath() + " answered " + created.statusCode() + name);
    }
    String location =
        created
            .headers()
            .firstValue("location")
            .orElseThrow(() -> new JoinException("the answer has no Location"));
    return new Resource(endpoint.resolve(location), token, created.body());
  }

  /// Leaves the session.
  void delete(HttpClient http) throws InterruptedException {
    try {
      http.send(request(location, token).DELETE().build(), BodyHandlers.discarding());
    } catch (IOException e) {
      // The server is gone, or finds out by itself that we are.
      return;
    }
  }

  private static HttpRequest.Builder request(URI address, String token) {
    return HttpRequest.newBuilder(address)
        .timeout(TIMEOUT)
        .header("authorization", "Bearer " + token);
  }
}
