package io.belfry.signalling.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.belfry.http.HttpResponse;
import io.belfry.http.Routes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/// The description of the REST interface (OpenAPI 3.1), for people and for tools.
public final class OpenApi {
  private static final String FILE = "openapi.yaml";

  public void contribute(Routes routes) {
    routes
        .get("/openapi.yaml", request -> HttpResponse.text(200, "application/yaml", text()))
        .get("/openapi.json", request -> HttpResponse.json(200, document()));
  }

  /// As it is written.
  static String text() {
    try (InputStream in = OpenApi.class.getResourceAsStream(FILE)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static JsonNode document() {
    try {
      return new YAMLMapper().readTree(text());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
