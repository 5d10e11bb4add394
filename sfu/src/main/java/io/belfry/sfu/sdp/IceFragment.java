package io.belfry.sfu.sdp;

import java.util.List;

/// The ICE part of a description, as `application/trickle-ice-sdpfrag` carries it (RFC 8840 §4.4,
/// §9): the client's credentials, read. Its candidates are skipped: the server never sends checks.
public record IceFragment(String usernameFragment, String password) {
  private static final int MAX_LINES = 1024;

  /// Reads the first credentials there are, be they the session's or a section's.
  public static SdpResult<IceFragment> parse(String text) {
    List<String> lines = text.lines().limit(MAX_LINES + 1L).map(String::strip).toList();
    if (lines.size() > MAX_LINES) {
      return SdpResult.bad(SdpError.TOO_LARGE, "More than " + MAX_LINES + " lines.");
    }
    var reader = new SectionReader("", 0);
    for (String line : lines) {
      if (line.isEmpty()) {
        continue;
      }
      if (line.length() < 2
          || line.charAt(1) != '='
          || line.length() > SdpParser.MAX_LINE_CHARACTERS) {
        return SdpResult.bad(SdpError.SYNTAX, "The fragment has lines that are not SDP.");
      }
      // One transport: what a second section repeats is the first one's.
      if (line.startsWith("a=ice-") && reader.credentials().isEmpty()) {
        reader.attribute(line.substring(2));
      }
    }
    return reader
        .credentials()
        .<SdpResult<IceFragment>>map(SdpResult::ok)
        .orElseGet(
            () -> SdpResult.bad(SdpError.NO_ICE, "The fragment has no ice-ufrag and ice-pwd."));
  }

  /// The server's new end of the transport, after a restart.
  ///
  /// @param bundle MIDs of the accepted sections; at least one
  /// @param first the kind of the first of them
  public static String write(LocalTransport local, List<String> bundle, MediaKind first) {
    return new SdpWriter().fragment(local, bundle, first).toString();
  }
}
