package io.belfry.signalling.webhook;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Posts JSON to servers of others. Redirects are not followed, no answer is read for longer than
/// the time-out, and what the answer says beyond its status is dropped.
public final class Outbound implements AutoCloseable {
  private final HttpClient client;
  private final Duration timeout;
  private final boolean isPrivateAllowed;

  /// @param timeout for the whole exchange
  /// @param isPrivateAllowed whether addresses of private networks and of this host may be asked
  public Outbound(Duration timeout, boolean isPrivateAllowed) {
    this.timeout = timeout;
    this.isPrivateAllowed = isPrivateAllowed;
    this.client =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(timeout)
            .version(HttpClient.Version.HTTP_1_1)
            .build();
  }

  /// @return the status of the answer
  /// @throws IOException if there was none in time, in words
  public int post(String url, Map<String, String> headers, String body)
      throws IOException, InterruptedException {
    URI uri = URI.create(url);
    if (!isPrivateAllowed) {
      requirePublic(uri);
    }
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .timeout(timeout)
            .header("content-type", "application/json; charset=utf-8")
            .header("user-agent", "belfry")
            .POST(BodyPublishers.ofString(body));
    headers.forEach(request::header);
    CompletableFuture<HttpResponse<Void>> answer =
        client.sendAsync(request.build(), BodyHandlers.discarding());
    try {
      return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS).statusCode();
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw new IOException("no answer within " + timeout.toMillis() + " ms", e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      String words =
          cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
      throw new IOException(words, cause);
    }
  }

  /// The client asks for the address once more by itself; the JVM gives it the same answer for as
  /// long as it keeps it (30 s), so that a name cannot mean something else by then.
  private static void requirePublic(URI uri) throws IOException {
    try {
      for (InetAddress address : InetAddress.getAllByName(uri.getHost())) {
        if (isPrivate(address)) {
          throw new IOException(
              "the address is private, which webhooks.allowPrivateAddresses rules");
        }
      }
    } catch (UnknownHostException e) {
      throw new IOException("there is no such host", e);
    }
  }

  static boolean isPrivate(InetAddress address) {
    byte[] bytes = address.getAddress();
    boolean isUniqueLocal = bytes.length == 16 && (bytes[0] & 0xFE) == 0xFC; // RFC 4193
    boolean isShared = // RFC 6598
        bytes.length == 4 && (bytes[0] & 0xFF) == 100 && (bytes[1] & 0xC0) == 64;
    return address.isAnyLocalAddress()
        || address.isLoopbackAddress()
        || address.isLinkLocalAddress()
        || address.isSiteLocalAddress()
        || address.isMulticastAddress()
        || isUniqueLocal
        || isShared
        || (bytes.length == 4 && bytes[0] == 0);
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
