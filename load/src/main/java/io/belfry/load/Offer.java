package io.belfry.load;

import io.belfry.sfu.dtls.CertificateFingerprint;
import io.belfry.sfu.ice.IceCredentials;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Writes the offer of a client that sends only, or receives only (RFC 8866, RFC 9143).
final class Offer {
  private Offer() {}

  /// @param isSending or else receiving
  static String write(
      List<OfferedSection> sections,
      boolean isSending,
      IceCredentials ice,
      CertificateFingerprint fingerprint) {
    StringBuilder out = new StringBuilder(1024);
    String mids =
        IntStream.range(0, sections.size())
            .mapToObj(String::valueOf)
            .collect(Collectors.joining(" "));
    line(out, "v=0");
    line(out, "o=- 1 1 IN IP4 0.0.0.0");
    line(out, "s=-");
    line(out, "t=0 0");
    line(out, "a=group:BUNDLE " + mids);
    for (int i = 0; i < sections.size(); i++) {
      OfferedSection section = sections.get(i);
      int type = section.payloadType();
      line(out, "m=" + section.media() + " 9 UDP/TLS/RTP/SAVPF " + type);
      line(out, "c=IN IP4 0.0.0.0");
      line(out, "a=mid:" + i);
      line(out, isSending ? "a=sendonly" : "a=recvonly");
      line(out, "a=ice-ufrag:" + ice.usernameFragment());
      line(out, "a=ice-pwd:" + ice.password());
      line(out, "a=fingerprint:" + fingerprint.algorithm() + " " + fingerprint.value());
      line(out, "a=setup:actpass");
      line(out, "a=rtcp-mux");
      line(out, "a=rtcp-rsize");
      line(out, "a=rtpmap:" + type + " " + section.rtpmap());
      if (!section.parameters().isEmpty()) {
        line(out, "a=fmtp:" + type + " " + section.parameters());
      }
      if (section.codec().isVideo()) {
        line(out, "a=rtcp-fb:" + type + " nack pli");
        line(out, "a=rtcp-fb:" + type + " ccm fir");
      }
      if (isSending) {
        String ssrc = Integer.toUnsignedString(section.ssrc());
        line(out, "a=msid:load " + section.media());
        line(out, "a=ssrc:" + ssrc + " cname:load");
      }
    }
    return out.toString();
  }

  private static void line(StringBuilder out, String line) {
    out.append(line).append("\r\n");
  }
}
