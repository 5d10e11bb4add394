package io.belfry.http.server;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Which pages may use this server from a browser: its own, and those on the list.
final class Origins {
  private final Set<String> allowed;
  private final boolean isAnyAllowed;

  /// @param allowed `scheme://host[:port]` each, or `*`
  Origins(List<String> allowed) {
    this.allowed =
        allowed.stream().map(origin -> origin.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
    this.isAnyAllowed = allowed.contains("*");
  }

  /// @param origin the header of that name; null for clients that are no browsers
  /// @param host the header of that name
  boolean isAllowed(@Nullable String origin, @Nullable String host) {
    return origin == null || isSame(origin, host) || isListed(origin);
  }

  /// Whether the page is not ours but on the list, so that it needs the CORS headers.
  boolean isListed(String origin) {
    return isAnyAllowed || allowed.contains(origin.toLowerCase(Locale.ROOT));
  }

  // The scheme is left out: behind a proxy that ends TLS it differs from what we see.
  private static boolean isSame(String origin, @Nullable String host) {
    int authority = origin.indexOf("://");
    return authority >= 0 && origin.substring(authority + 3).equalsIgnoreCase(host);
  }
}
