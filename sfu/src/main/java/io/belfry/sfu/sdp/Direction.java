package io.belfry.sfu.sdp;

/// Which way media flows in a section, as its author sees it (RFC 8866 §6.7).
public enum Direction {
  SENDRECV,
  SENDONLY,
  RECVONLY,
  INACTIVE;

  public boolean sends() {
    return this == SENDRECV || this == SENDONLY;
  }

  public boolean receives() {
    return this == SENDRECV || this == RECVONLY;
  }

  String attribute() {
    return switch (this) {
      case SENDRECV -> "sendrecv";
      case SENDONLY -> "sendonly";
      case RECVONLY -> "recvonly";
      case INACTIVE -> "inactive";
    };
  }
}
