package io.belfry.config;

import java.nio.file.Files;
import java.nio.file.Path;

/// `belfry.http.tls`: the certificate of HTTPS. Both files are PEM and can be read.
public record TlsConfig(Path certificateFile, Path privateKeyFile) {
  public TlsConfig {
    Checks checks = new Checks();
    checkReadable(checks, "belfry.http.tls.certificateFile", certificateFile);
    checkReadable(checks, "belfry.http.tls.privateKeyFile", privateKeyFile);
    checks.done();
  }

  private static void checkReadable(Checks checks, String key, Path file) {
    checks.that(
        Files.isRegularFile(file) && Files.isReadable(file),
        key,
        file,
        "a file that can be read; both files of belfry.http.tls, or neither");
  }
}
