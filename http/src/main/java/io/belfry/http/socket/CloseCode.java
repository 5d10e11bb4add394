package io.belfry.http.socket;

/// The close codes of the protocol (docs/protocol.md §1; RFC 6455 §7.4.1 below 4000).
public final class CloseCode {
  public static final int DONE = 1000;
  public static final int GOING_AWAY = 1001;

  /// Never sent: the connection broke without a close frame.
  public static final int ABNORMAL = 1006;

  public static final int ABUSE = 1008;
  public static final int TOO_LARGE = 1009;
  public static final int NOT_AUTHORISED = 4401;
  public static final int GREETING_TOO_LATE = 4408;
  public static final int REPLACED = 4409;
  public static final int SESSION_CLOSED = 4410;
  public static final int PROTOCOL_VERSION = 4426;

  private CloseCode() {}
}
