package io.belfry.sfu.sdp;

import java.util.function.Function;

/// A value read from a peer's description, or why there is none.
public sealed interface SdpResult<T> {
  record Ok<T>(T value) implements SdpResult<T> {}

  /// @param error for programs
  /// @param sentence for people; quotes at most a short piece of the description
  record Bad<T>(SdpError error, String sentence) implements SdpResult<T> {}

  static <T> SdpResult<T> ok(T value) {
    return new Ok<>(value);
  }

  static <T> SdpResult<T> bad(SdpError error, String sentence) {
    return new Bad<>(error, sentence);
  }

  /// Goes on with the value, or keeps the error.
  default <U> SdpResult<U> then(Function<T, SdpResult<U>> next) {
    return switch (this) {
      case Ok<T>(T value) -> next.apply(value);
      case Bad<T>(SdpError error, String sentence) -> bad(error, sentence);
    };
  }

  /// The value, where the caller knows that there is one.
  ///
  /// @throws IllegalStateException with the sentence when there is none
  default T orThrow() {
    return switch (this) {
      case Ok<T>(T value) -> value;
      case Bad<T>(SdpError error, String sentence) ->
          throw new IllegalStateException(error + ": " + sentence);
    };
  }
}
