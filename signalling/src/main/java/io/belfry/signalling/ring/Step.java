package io.belfry.signalling.ring;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What came of an input.
public sealed interface Step {

  /// @param action null when the parts have nothing to be told
  record Changed(RingCall next, @Nullable CallAction action, List<Effect> effects) implements Step {
    public Changed {
      effects = List.copyOf(effects);
    }
  }

  record Unchanged() implements Step {}

  /// @param code of the calling API, `ERR_CALL_…`
  record Refused(String code, String message) implements Step {}
}
