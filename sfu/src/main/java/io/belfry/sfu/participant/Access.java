package io.belfry.sfu.participant;

/// How a participant is in a session.
public enum Access {
  /// By a session socket, over which it is told what happens.
  SOCKET,
  /// By WHIP: it publishes and hears of nothing. It is gone when its transport is.
  WHIP,
  /// By WHEP: as by WHIP, but it receives.
  WHEP
}
