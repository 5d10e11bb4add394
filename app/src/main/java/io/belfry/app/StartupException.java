package io.belfry.app;

/// The server could not be started, for a reason that the operator can change. Its message is
/// printed without a stack trace.
final class StartupException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StartupException(String message) {
    super(message);
  }

  StartupException(String message, Throwable cause) {
    super(message, cause);
  }
}
