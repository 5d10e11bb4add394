package io.belfry.load;

/// Why a participant did not get in, in words that are the same for all with this reason.
final class JoinException extends Exception {
  private static final long serialVersionUID = 1;

  JoinException(String reason) {
    super(reason);
  }

  JoinException(String reason, Throwable cause) {
    super(reason, cause);
  }
}
