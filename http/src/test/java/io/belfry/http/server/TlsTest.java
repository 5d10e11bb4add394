package io.belfry.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.belfry.config.HttpConfig;
import io.belfry.config.TlsConfig;
import io.belfry.http.HttpResponse;
import io.belfry.http.Routes;
import io.prometheus.client.CollectorRegistry;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;

/// HTTPS with certificate files. Those of the test are good until 2126.
final class TlsTest {
  private static Path file(String name) throws Exception {
    return Path.of(Objects.requireNonNull(TlsTest.class.getResource("/tls/" + name)).toURI());
  }

  private static SSLContext trusting(String certificate) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    try (InputStream in = TlsTest.class.getResourceAsStream("/tls/" + certificate)) {
      assertNotNull(in);
      store.setCertificateEntry(
          "test", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  @Test
  void servesHttps() throws Exception {
    TlsConfig tls = new TlsConfig(file("certificate.pem"), file("key.pem"));
    HttpConfig config =
        new HttpConfig(
            "127.0.0.1", 0, Optional.of(tls), 2048, 16 * 1024, 10, List.of(), List.of(), 0, 0);
    Routes routes =
        new Routes().get("/hello", request -> HttpResponse.text(200, "text/plain", "x"));
    try (HttpServer server = HttpServer.start(config, routes, new CollectorRegistry());
        HttpClient client =
            HttpClient.newBuilder().sslContext(trusting("certificate.pem")).build()) {
      var response =
          client.send(
              HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + server.port() + "/hello"))
                  .build(),
              BodyHandlers.ofString());
      assertEquals("x", response.body());
    }
  }
}
