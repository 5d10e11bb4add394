package io.belfry.sfu.participant;

import io.belfry.http.ApiException;
import io.belfry.sfu.sdp.SdpError;
import io.belfry.sfu.sdp.SdpResult;

/// Turns what is wrong with a description into a refusal.
final class Refusals {
  private Refusals() {}

  /// The value, or `ERR_SDP_INVALID`: with 400 where it is no SDP, else with 422, since the server
  /// understood what it cannot do (RFC 9725 §4.4).
  static <T> T orRefuse(SdpResult<T> result) {
    return switch (result) {
      case SdpResult.Ok<T>(var value) -> value;
      case SdpResult.Bad<T>(var error, var sentence) ->
          throw new ApiException(
              error == SdpError.SYNTAX || error == SdpError.TOO_LARGE ? 400 : 422,
              "ERR_SDP_INVALID",
              sentence,
              error.name());
    };
  }
}
