package io.belfry.common.media;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Why a session is closed, as its participants are told (docs/protocol.md §5).
///
/// @param word one of the constants, or one that a later version has
/// @param by who closed it, if somebody did
public record CloseReason(String word, @Nullable Person by) {
  /// Somebody ended the call for everybody, or the last one in it did.
  public static final String ENDED = "ended";

  /// The host ended the session.
  public static final String ENDED_BY_HOST = "ended-by-host";

  /// An operator ended the call.
  public static final String ENDED_BY_OPERATOR = "ended-by-operator";

  /// One of the two, or the last one, has gone and did not come back.
  public static final String PARTICIPANT_GONE = "participant-gone";

  /// Nobody was in it any more.
  public static final String EMPTY = "empty";

  /// The acceptance that it was opened for failed.
  public static final String NOT_ACCEPTED = "not-accepted";

  /// No call is known for it.
  public static final String UNKNOWN_CALL = "unknown-call";

  /// The node that had the session is gone, and the session with it.
  public static final String MEDIA_LOST = "media-lost";

  /// Who closed it. The name is here because they may have left the session before.
  public record Person(String uid, String name) {}

  public static CloseReason of(String word) {
    return new CloseReason(word, null);
  }

  /// As the fields of `onSessionClosed`.
  public Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("reason", word);
    if (by != null) {
      fields.put("by", by);
    }
    return fields;
  }

  @Override
  public String toString() {
    return by == null ? word : word + " by " + by.uid;
  }
}
