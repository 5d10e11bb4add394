package io.belfry.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// One source of settings, flattened: full keys to values. A later layer wins over an earlier one.
///
/// @param entries by key
/// @param problems what in this source names no setting
record Layer(Map<String, Entry> entries, List<InvalidConfigException.Problem> problems) {
  static final String DEFAULT_ORIGIN = "default";

  private static final String ENVIRONMENT_PREFIX = "BELFRY_";
  private static final Pattern WORD_START = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])");

  /// Names that Kubernetes gives every container of a namespace that has a service called
  /// `belfry…`; nobody wrote them as settings.
  private static final Pattern KUBERNETES_SERVICE_LINK =
      Pattern.compile("BELFRY(_\\w+)?_(SERVICE_(HOST|PORT)(_\\w+)?|PORT_\\d+_(TCP|UDP)\\w*)");

  /// A value before it has a type: a `String`, `Number`, `Boolean` or `List` of these.
  record Entry(Object value, String origin) {
    String show() {
      if (value instanceof List<?> list) {
        return String.join(", ", list.stream().map(String::valueOf).toList());
      }
      return value.toString();
    }
  }

  /// The defaults.
  static Layer ofReference(Config reference) {
    Map<String, Entry> entries = new LinkedHashMap<>();
    for (Map.Entry<String, ConfigValue> leaf : reference.entrySet()) {
      entries.put(leaf.getKey(), new Entry(leaf.getValue().unwrapped(), DEFAULT_ORIGIN));
    }
    return new Layer(entries, List.of());
  }

  static Layer ofFile(Config file, Layer reference) {
    Builder builder = new Builder(reference);
    for (Map.Entry<String, ConfigValue> leaf : file.entrySet()) {
      String key = String.join(".", ConfigUtil.splitPath(leaf.getKey()));
      builder.put(key, leaf.getValue().unwrapped(), describe(leaf.getValue().origin()));
    }
    return builder.build();
  }

  static Layer ofEnvironment(Map<String, String> environment, Layer reference) {
    Map<String, String> keysByName = new LinkedHashMap<>();
    for (String key : reference.entries.keySet()) {
      keysByName.put(environmentName(key), key);
    }
    Builder builder = new Builder(reference);
    for (Map.Entry<String, String> variable : environment.entrySet()) {
      String name = variable.getKey();
      String key = keysByName.get(name);
      if (key != null) {
        builder.put(key, fromText(key, variable.getValue(), reference), "environment " + name);
      } else if (name.startsWith(ENVIRONMENT_PREFIX) && !isServiceLink(variable)) {
        builder.unknown(name, "environment", keysByName.keySet());
      }
    }
    return builder.build();
  }

  static Layer ofOverrides(Map<String, String> overrides, Layer reference) {
    Builder builder = new Builder(reference);
    overrides.forEach(
        (key, text) -> builder.put(key, fromText(key, text, reference), "command line"));
    return builder.build();
  }

  /// `belfry.http.maxBodyBytes` → `BELFRY_HTTP_MAX_BODY_BYTES`.
  static String environmentName(String key) {
    StringBuilder name = new StringBuilder();
    for (String word : key.split("\\.", -1)) {
      name.append(name.isEmpty() ? "" : "_")
          .append(String.join("_", WORD_START.split(word)).toUpperCase(Locale.ROOT));
    }
    return name.toString();
  }

  private static boolean isServiceLink(Map.Entry<String, String> variable) {
    return KUBERNETES_SERVICE_LINK.matcher(variable.getKey()).matches()
        || variable.getValue().matches("(tcp|udp)://.*");
  }

  /// Text from the environment or the command line, cut at commas where a list is wanted.
  private static Object fromText(String key, String text, Layer reference) {
    Entry known = reference.entries.get(key);
    if (known == null || !(known.value() instanceof List)) {
      return text;
    }
    List<String> items = new ArrayList<>();
    for (String item : text.split(",", -1)) {
      if (!item.isBlank()) {
        items.add(item.strip());
      }
    }
    return List.copyOf(items);
  }

  private static String describe(ConfigOrigin origin) {
    String file = origin.filename() == null ? origin.description() : origin.filename();
    return origin.lineNumber() > 0 ? file + " line " + origin.lineNumber() : file;
  }

  private static final class Builder {
    private final Layer reference;
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final List<InvalidConfigException.Problem> problems = new ArrayList<>();

    Builder(Layer reference) {
      this.reference = reference;
    }

    void put(String key, Object value, String origin) {
      Entry entry = new Entry(value, origin);
      if (reference.entries.containsKey(key)) {
        entries.put(key, entry);
      } else {
        unknown(key, origin, reference.entries.keySet());
      }
    }

    void unknown(String name, String origin, Iterable<String> known) {
      String hint =
          NearestName.of(name, known).map(near -> "; did you mean " + near + "?").orElse("");
      problems.add(
          new InvalidConfigException.Problem(
              name, Optional.empty(), "there is no such setting" + hint, origin));
    }

    Layer build() {
      return new Layer(entries, problems);
    }
  }
}
