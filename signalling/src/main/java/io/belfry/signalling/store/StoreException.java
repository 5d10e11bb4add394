package io.belfry.signalling.store;

/// The store cannot be used, or does not hold what this version understands.
public final class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public StoreException(String message, Throwable cause) {
    super(message, cause);
  }
}
