package io.belfry.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads the fields of a request, refusing with `ERR_BAD_REQUEST` and a sentence that names the
/// field. A field that is `null` counts as absent.
public final class Fields {
  private Fields() {}

  /// A text that must be there and not be blank.
  ///
  /// @param maxChars its greatest length, in UTF-16 units
  public static String text(JsonNode fields, String name, int maxChars) {
    String value = optionalText(fields, name, maxChars);
    if (value == null || value.isBlank()) {
      throw ApiException.badRequest("The field " + name + " is missing or empty.");
    }
    return value;
  }

  public static @Nullable String optionalText(JsonNode fields, String name, int maxChars) {
    JsonNode value = present(fields, name);
    if (value == null) {
      return null;
    }
    if (!value.isTextual()) {
      throw ApiException.badRequest("The field " + name + " must be a text.");
    }
    if (value.textValue().length() > maxChars) {
      throw ApiException.badRequest(
          "The field " + name + " must not be longer than " + maxChars + " characters.");
    }
    // Half a surrogate pair is no character, and no database takes it or NUL.
    if (!isStorable(value.textValue())) {
      throw ApiException.badRequest("The field " + name + " has characters that are none.");
    }
    return value.textValue();
  }

  private static boolean isStorable(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0 || Character.isLowSurrogate(c)) {
        return false;
      }
      if (Character.isHighSurrogate(c)) {
        i++;
        if (i == text.length() || !Character.isLowSurrogate(text.charAt(i))) {
          return false;
        }
      }
    }
    return true;
  }

  /// A text that must be one of a few.
  public static String oneOf(JsonNode fields, String name, List<String> allowed) {
    String value = optionalText(fields, name, 256);
    if (value == null || !allowed.contains(value)) {
      throw ApiException.badRequest(
          "The field " + name + " must be one of " + String.join(", ", allowed) + ".");
    }
    return value;
  }

  /// A whole number in [min, max] that must be there.
  public static long integer(JsonNode fields, String name, long min, long max) {
    Long value = optionalInteger(fields, name, min, max);
    if (value == null) {
      throw ApiException.badRequest("The field " + name + " is missing.");
    }
    return value;
  }

  public static @Nullable Long optionalInteger(JsonNode fields, String name, long min, long max) {
    JsonNode value = present(fields, name);
    if (value == null) {
      return null;
    }
    if (!value.isIntegralNumber()
        || !value.canConvertToLong()
        || value.longValue() < min
        || value.longValue() > max) {
      throw ApiException.badRequest(
          "The field " + name + " must be a whole number in [" + min + ", " + max + "].");
    }
    return value.longValue();
  }

  public static boolean bool(JsonNode fields, String name) {
    Boolean value = optionalBool(fields, name);
    if (value == null) {
      throw ApiException.badRequest("The field " + name + " is missing.");
    }
    return value;
  }

  public static @Nullable Boolean optionalBool(JsonNode fields, String name) {
    JsonNode value = present(fields, name);
    if (value == null) {
      return null;
    }
    if (!value.isBoolean()) {
      throw ApiException.badRequest("The field " + name + " must be true or false.");
    }
    return value.booleanValue();
  }

  public static @Nullable ObjectNode optionalObject(JsonNode fields, String name) {
    JsonNode value = present(fields, name);
    if (value == null) {
      return null;
    }
    if (!(value instanceof ObjectNode object)) {
      throw ApiException.badRequest("The field " + name + " must be an object.");
    }
    return object;
  }

  /// A list of objects that must be there.
  public static List<ObjectNode> objects(JsonNode fields, String name, int maxCount) {
    List<ObjectNode> objects = new ArrayList<>();
    for (JsonNode item : list(fields, name, maxCount)) {
      if (!(item instanceof ObjectNode object)) {
        throw ApiException.badRequest("The field " + name + " must be a list of objects.");
      }
      objects.add(object);
    }
    return objects;
  }

  /// A list of texts that must be there.
  public static List<String> texts(JsonNode fields, String name, int maxCount) {
    List<String> texts = new ArrayList<>();
    for (JsonNode item : list(fields, name, maxCount)) {
      if (!item.isTextual()) {
        throw ApiException.badRequest("The field " + name + " must be a list of texts.");
      }
      texts.add(item.textValue());
    }
    return texts;
  }

  private static JsonNode list(JsonNode fields, String name, int maxCount) {
    JsonNode value = present(fields, name);
    if (value == null || !value.isArray()) {
      throw ApiException.badRequest("The field " + name + " must be a list.");
    }
    if (value.size() > maxCount) {
      throw ApiException.badRequest(
          "The field " + name + " must not have more than " + maxCount + " items.");
    }
    return value;
  }

  private static @Nullable JsonNode present(JsonNode fields, String name) {
    JsonNode value = fields.get(name);
    return value == null || value.isNull() ? null : value;
  }
}
