package io.belfry.sfu.sdp;

import static io.belfry.sfu.sdp.SdpError.BAD_SECTIONS;
import static io.belfry.sfu.sdp.SdpError.SYNTAX;
import static io.belfry.sfu.sdp.SdpError.TOO_LARGE;

import java.util.ArrayList;
import java.util.List;

/// Reads a client's description (RFC 8866). Never throws: text that is not SDP, or larger than the
/// limits, is answered with an error; attributes that are unknown or malformed are skipped.
public final class SdpParser {
  /// Room for a thousand subscribed tracks.
  public static final int MAX_CHARACTERS = 2 * 1024 * 1024;

  public static final int MAX_SECTIONS = 1024;
  public static final int MAX_LINE_CHARACTERS = 4096;
  public static final int MAX_LINES_PER_SECTION = 1024;

  private static final int QUOTED_CHARACTERS = 40;

  private SdpParser() {}

  public static SdpResult<SessionDescription> parse(String text) {
    if (text.length() > MAX_CHARACTERS) {
      return SdpResult.bad(TOO_LARGE, "The description is longer than " + MAX_CHARACTERS + ".");
    }
    if (!text.startsWith("v=0")) {
      return SdpResult.bad(SYNTAX, "The description does not begin with v=0.");
    }
    var session = new SectionReader("", 0);
    var sections = new ArrayList<SectionReader>();
    SectionReader current = session;
    int from = 0;
    while (from < text.length()) {
      int end = text.indexOf('\n', from);
      int next = end < 0 ? text.length() : end + 1;
      String line = text.substring(from, end < 0 ? text.length() : end).stripTrailing();
      from = next;
      if (line.isEmpty()) {
        continue;
      }
      if (line.length() > MAX_LINE_CHARACTERS || current.lines > MAX_LINES_PER_SECTION) {
        return SdpResult.bad(TOO_LARGE, "Too long, or one line too many: " + quote(line));
      }
      // A carriage return within a line would begin another where the line is repeated.
      if (line.length() < 2 || line.charAt(1) != '=' || line.indexOf('\r') >= 0) {
        return SdpResult.bad(SYNTAX, "Not a line of SDP: " + quote(line));
      }
      String value = line.substring(2);
      switch (line.charAt(0)) {
        case 'm' -> {
          if (sections.size() == MAX_SECTIONS) {
            return SdpResult.bad(TOO_LARGE, "More than " + MAX_SECTIONS + " media sections.");
          }
          current = new SectionReader(value, sections.size());
          if (!current.isMediaLineValid()) {
            return SdpResult.bad(SYNTAX, "Not a media line: " + quote(line));
          }
          sections.add(current);
        }
        case 'a' -> current.attribute(value);
        default -> current.lines++;
      }
    }
    return describe(session, sections);
  }

  private static SdpResult<SessionDescription> describe(
      SectionReader session, List<SectionReader> sections) {
    List<MediaSection> media = sections.stream().map(section -> section.read(session)).toList();
    if (media.stream().map(MediaSection::mid).distinct().count() != media.size()) {
      return SdpResult.bad(BAD_SECTIONS, "Two media sections have the same mid.");
    }
    return SdpResult.ok(new SessionDescription(session.bundle, session.mixedFormsAllowed, media));
  }

  private static String quote(String line) {
    return line.length() <= QUOTED_CHARACTERS ? line : line.substring(0, QUOTED_CHARACTERS) + "…";
  }
}
