package io.belfry.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/// Serves the files of a class-path folder: the built page. A path without a dot that names no file
/// gets `index.html`, since the page's own addresses are not files.
///
/// Files whose name holds a hash of the content are cached by browsers for ever, all others are
/// asked for again with their validator (RFC 9110 §13.1.2). Text goes out as gzip where it is
/// taken.
public final class StaticFiles implements HttpHandler {
  private static final Pattern HASHED = Pattern.compile(".*-[A-Za-z0-9_-]{8,}\\.[a-z0-9]+");

  // The page talks to this origin and, when the SFU stands apart, to that one's WebSocket and WHIP;
  // pictures of users may come from anywhere.
  private static final Map<String, String> SECURITY_HEADERS =
      Map.of(
          "content-security-policy",
          "default-src 'self'; connect-src 'self' ws: wss: https:; img-src 'self' data: blob: https:;"
              + " media-src 'self' data: blob: mediastream:; style-src 'self' 'unsafe-inline';"
              + " worker-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self';"
              + " frame-ancestors 'self'",
          "permissions-policy",
          "camera=(self), microphone=(self), display-capture=(self), autoplay=(self),"
              + " speaker-selection=(self), screen-wake-lock=(self), fullscreen=(self),"
              + " geolocation=(), payment=(), usb=()",
          "x-content-type-options",
          "nosniff",
          "referrer-policy",
          "same-origin",
          "cross-origin-opener-policy",
          "same-origin");

  private static final Map<String, String> CONTENT_TYPES =
      Map.ofEntries(
          Map.entry("html", "text/html; charset=utf-8"),
          Map.entry("js", "text/javascript; charset=utf-8"),
          Map.entry("mjs", "text/javascript; charset=utf-8"),
          Map.entry("css", "text/css; charset=utf-8"),
          Map.entry("json", "application/json; charset=utf-8"),
          Map.entry("map", "application/json; charset=utf-8"),
          Map.entry("webmanifest", "application/manifest+json; charset=utf-8"),
          Map.entry("txt", "text/plain; charset=utf-8"),
          Map.entry("svg", "image/svg+xml; charset=utf-8"),
          Map.entry("png", "image/png"),
          Map.entry("jpg", "image/jpeg"),
          Map.entry("webp", "image/webp"),
          Map.entry("ico", "image/x-icon"),
          Map.entry("woff2", "font/woff2"),
          Map.entry("mp3", "audio/mpeg"),
          Map.entry("ogg", "audio/ogg"),
          Map.entry("wav", "audio/wav"),
          Map.entry("webm", "video/webm"),
          Map.entry("wasm", "application/wasm"));

  private final ClassLoader loader;
  private final String folder;
  // Holds only files that exist, so it is bounded by the folder.
  private final Map<String, StoredFile> files = new ConcurrentHashMap<>();

  @SuppressWarnings("ArrayRecordComponent") // never compared, never given away
  private record StoredFile(
      byte[] content, byte @Nullable [] gzipped, String contentType, String etag) {}

  /// @param folder on the class path, with a slash at its end and none at its beginning: `web/`
  public StaticFiles(ClassLoader loader, String folder) {
    if (!folder.endsWith("/") || folder.startsWith("/")) {
      throw new IllegalArgumentException("not a class-path folder: " + folder);
    }
    this.loader = loader;
    this.folder = folder;
  }

  /// Whether there is a page at all.
  public boolean hasIndex() {
    return find("index.html").isPresent();
  }

  @Override
  public HttpResponse handle(HttpRequest request) {
    String name = request.path().substring(1);
    if (name.isEmpty()) {
      name = "index.html";
    }
    Optional<StoredFile> file = isSafe(name) ? find(name) : Optional.empty();
    if (file.isEmpty() && name.indexOf('.') < 0) {
      name = "index.html";
      file = find(name);
    }
    if (file.isEmpty()) {
      throw Routes.notFound(request.path());
    }
    return answer(request, name, file.get());
  }

  private static HttpResponse answer(HttpRequest request, String name, StoredFile file) {
    Map<String, String> headers = new LinkedHashMap<>(SECURITY_HEADERS);
    headers.put("content-type", file.contentType);
    headers.put("etag", file.etag);
    headers.put("vary", "accept-encoding");
    headers.put(
        "cache-control",
        HASHED.matcher(name).matches() ? "public, max-age=31536000, immutable" : "no-cache");
    String known = request.header("if-none-match");
    if (known != null && known.contains(file.etag)) {
      return new HttpResponse(304, headers, new byte[0]);
    }
    if (file.gzipped != null && request.acceptsGzip()) {
      headers.put("content-encoding", "gzip");
      return new HttpResponse(200, headers, file.gzipped);
    }
    return new HttpResponse(200, headers, file.content);
  }

  private static boolean isSafe(String name) {
    for (String segment : name.split("/", -1)) {
      if (segment.isEmpty() || segment.startsWith(".") || segment.indexOf('\\') >= 0) {
        return false;
      }
    }
    return name.indexOf('\0') < 0;
  }

  private Optional<StoredFile> find(String name) {
    StoredFile stored = files.get(name);
    if (stored == null) {
      stored = load(name);
      if (stored != null) {
        files.put(name, stored);
      }
    }
    return Optional.ofNullable(stored);
  }

  private @Nullable StoredFile load(String name) {
    String extension = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    String contentType = CONTENT_TYPES.getOrDefault(extension, "application/octet-stream");
    // Only names with a dot: a class loader would open a folder as a list of its files.
    if (name.indexOf('.') < 0) {
      return null;
    }
    try (InputStream in = loader.getResourceAsStream(folder + name)) {
      if (in == null) {
        return null;
      }
      byte[] content = in.readAllBytes();
      byte[] gzipped = contentType.contains("charset") ? gzip(content) : null;
      return new StoredFile(
          content,
          gzipped != null && gzipped.length < content.length ? gzipped : null,
          contentType,
          etagOf(content));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + folder + name, e);
    }
  }

  static byte[] gzip(byte[] content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(content.length / 3 + 64);
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail to write
    }
    return bytes.toByteArray();
  }

  private static String etagOf(byte[] content) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(content);
      return '"' + HexFormat.of().formatHex(hash, 0, 12) + '"';
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
