package io.belfry.common.media;

/// The SFU cannot take the session: unreachable, draining, or full.
public final class MediaUnavailableException extends Exception {
  private static final long serialVersionUID = 1L;

  public MediaUnavailableException(String message) {
    super(message);
  }

  public MediaUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
