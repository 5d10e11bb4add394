package io.belfry.config;

/// `belfry.signalling.database`: where users and calls are kept.
///
/// @param url JDBC address; empty: an H2 file in the data directory
/// @param user empty: the database's own default
public record DatabaseConfig(String url, String user, String password, int poolSize) {
  public DatabaseConfig {
    Checks checks = new Checks();
    checks.that(
        url.isEmpty() || url.startsWith("jdbc:postgresql:") || url.startsWith("jdbc:h2:"),
        "belfry.signalling.database.url",
        Secrets.mask(url),
        "empty, or an address that starts with jdbc:postgresql: or jdbc:h2:");
    checks.range("belfry.signalling.database.poolSize", poolSize, 1, 1000);
    checks.done();
  }

  /// Without the password, so that a logged record gives nothing away.
  @Override
  public String toString() {
    return "DatabaseConfig[url=%s, user=%s, poolSize=%d]"
        .formatted(Secrets.mask(url), user, poolSize);
  }
}
