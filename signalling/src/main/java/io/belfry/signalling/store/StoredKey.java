package io.belfry.signalling.store;

import java.util.Optional;
import java.util.function.Supplier;

/// The key as a row of the database.
final class StoredKey implements SigningKeys {
  static final String SETTING = "callTokenKey";

  private final CredentialStore credentials;

  StoredKey(CredentialStore credentials) {
    this.credentials = credentials;
  }

  @Override
  public Optional<String> find() {
    return credentials.findSetting(SETTING);
  }

  @Override
  public String findOrStore(Supplier<String> fresh) {
    return find().orElseGet(() -> credentials.putSettingIfAbsent(SETTING, fresh.get()));
  }
}
