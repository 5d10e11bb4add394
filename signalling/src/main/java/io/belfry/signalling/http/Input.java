package io.belfry.signalling.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.belfry.http.ApiException;
import io.belfry.http.Fields;
import io.belfry.http.HttpRequest;
import io.belfry.signalling.store.Group;
import io.belfry.signalling.store.User;
import io.belfry.signalling.store.UserStore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What the routes read of requests in the same way.
final class Input {
  static final int MAX_ID_CHARS = 100;
  static final int MAX_NAME_CHARS = 200;
  static final int MAX_URL_CHARS = 2048;
  static final int DEFAULT_LIMIT = 30;
  static final int MAX_LIMIT = 100;
  static final List<String> GROUP_TYPES = List.of("public", "private", "password");

  /// Beyond what a store can count in milliseconds.
  private static final long MAX_SECONDS = 1L << 40;

  private Input() {}

  static String id(ObjectNode fields, String name) {
    String id = Fields.text(fields, name, MAX_ID_CHARS);
    if (!User.isValidUid(id)) {
      throw ApiException.badRequest(
          "The field " + name + " must have 1 to 100 characters of A-Z a-z 0-9 . _ -.");
    }
    return id;
  }

  static @Nullable String url(ObjectNode fields, String name) {
    String url = Fields.optionalText(fields, name, MAX_URL_CHARS);
    // Pages put it into an image: "javascript:" and the like have no business there.
    if (url != null && !url.startsWith("https://") && !url.startsWith("http://")) {
      throw ApiException.badRequest("The field " + name + " must be an http or https address.");
    }
    return url;
  }

  static int limit(HttpRequest request) {
    return request.queryInteger("limit", 1, MAX_LIMIT, DEFAULT_LIMIT);
  }

  static String queryText(HttpRequest request, String name) {
    String value = request.query(name);
    // No text in the store has it, and PostgreSQL refuses it.
    if (value != null && value.indexOf('\0') >= 0) {
      throw ApiException.badRequest("The parameter " + name + " has a character NUL.");
    }
    return value == null ? "" : value;
  }

  static @Nullable String queryOneOf(HttpRequest request, String name, List<String> allowed) {
    String value = request.query(name);
    if (value != null && !allowed.contains(value)) {
      throw ApiException.badRequest(
          "The parameter " + name + " must be one of " + String.join(", ", allowed) + ".");
    }
    return value;
  }

  /// Unix seconds.
  static @Nullable Instant queryTime(HttpRequest request, String name) {
    Long seconds = queryLong(request, name, MAX_SECONDS);
    return seconds == null ? null : Instant.ofEpochSecond(seconds);
  }

  static @Nullable Long queryLong(HttpRequest request, String name, long max) {
    String value = request.query(name);
    if (value == null) {
      return null;
    }
    try {
      long number = Long.parseLong(value);
      if (number >= 0 && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Answered below, as a number out of range is.
    }
    throw ApiException.badRequest(
        "The parameter " + name + " must be a whole number in [0, " + max + "].");
  }

  static User requireUser(UserStore users, String uid) {
    return (User.isValidUid(uid) ? users.findUser(uid) : Optional.<User>empty())
        .orElseThrow(() -> new ApiException(404, "ERR_UID_NOT_FOUND", "There is no such user."));
  }

  static Group requireGroup(UserStore users, String guid) {
    return (User.isValidUid(guid) ? users.findGroup(guid) : Optional.<Group>empty())
        .orElseThrow(() -> new ApiException(404, "ERR_GUID_NOT_FOUND", "There is no such group."));
  }

  static void requireUsers(UserStore users, List<String> uids) {
    var known = users.findUsers(uids).keySet();
    List<String> unknown = uids.stream().filter(uid -> !known.contains(uid)).toList();
    if (!unknown.isEmpty()) {
      throw new ApiException(
          404, "ERR_UID_NOT_FOUND", "Some users do not exist.", String.join(", ", unknown));
    }
  }
}
