package io.belfry.sfu.rtp;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/// Which extensions one side of a session negotiated, and the ids it knows them by (RFC 8285 §5).
/// Immutable.
public final class ExtensionIds {
  public static final ExtensionIds NONE = new ExtensionIds(Map.of());

  private final EnumMap<HeaderExtension, Integer> ids = new EnumMap<>(HeaderExtension.class);

  private ExtensionIds(Map<HeaderExtension, Integer> ids) {
    this.ids.putAll(ids);
  }

  /// @throws IllegalArgumentException when an id is not in [1, 255] or is used twice
  public static ExtensionIds of(Map<HeaderExtension, Integer> ids) {
    if (ids.values().stream().anyMatch(id -> id < 1 || id > 255)) {
      throw new IllegalArgumentException("extension id out of [1, 255]: " + ids);
    }
    if (ids.values().stream().distinct().count() != ids.size()) {
      throw new IllegalArgumentException("extension id used twice: " + ids);
    }
    return new ExtensionIds(ids);
  }

  /// In [1, 255], or 0 when the extension was not negotiated.
  public int id(HeaderExtension extension) {
    return ids.getOrDefault(extension, 0);
  }

  public boolean has(HeaderExtension extension) {
    return id(extension) != 0;
  }

  public Optional<HeaderExtension> ofId(int id) {
    return ids.entrySet().stream()
        .filter(entry -> entry.getValue() == id)
        .map(Map.Entry::getKey)
        .findFirst();
  }

  public Map<HeaderExtension, Integer> toMap() {
    return Collections.unmodifiableMap(ids);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ExtensionIds that && ids.equals(that.ids);
  }

  @Override
  public int hashCode() {
    return ids.hashCode();
  }

  @Override
  public String toString() {
    return ids.toString();
  }
}
