package io.belfry.config;

import java.net.URI;
import java.net.URISyntaxException;

/// Tells addresses of web servers from other text.
final class HttpUrls {
  private HttpUrls() {}

  static boolean isUrl(String text) {
    try {
      URI uri = new URI(text);
      return ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()))
          && uri.getHost() != null
          && uri.getRawUserInfo() == null
          && uri.getRawFragment() == null;
    } catch (URISyntaxException e) {
      return false;
    }
  }
}
