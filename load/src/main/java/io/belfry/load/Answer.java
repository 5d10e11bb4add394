package io.belfry.load;

import io.belfry.sfu.dtls.CertificateFingerprint;
import io.belfry.sfu.sdp.Fingerprint;
import io.belfry.sfu.sdp.MediaSection;
import io.belfry.sfu.sdp.PeerTransport;
import io.belfry.sfu.sdp.SdpParser;
import io.belfry.sfu.sdp.SdpResult;
import io.belfry.sfu.sdp.SessionDescription;
import io.belfry.sfu.sdp.Setup;
import io.belfry.sfu.sdp.StreamSsrcs;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The server's answer, as far as this client needs it.
///
/// @param usernameFragment the server's
/// @param password the server's
/// @param fingerprint of its certificate
/// @param candidates where it can be reached by UDP
/// @param clockRates of what it sends, by SSRC
record Answer(
    String usernameFragment,
    String password,
    CertificateFingerprint fingerprint,
    List<InetSocketAddress> candidates,
    Map<Integer, Integer> clockRates) {
  private static final String CANDIDATE = "a=candidate:";

  Answer {
    candidates = List.copyOf(candidates);
    clockRates = Map.copyOf(clockRates);
  }

  /// @throws JoinException if no connection can come of it
  static Answer read(String text) throws JoinException {
    SessionDescription description =
        switch (SdpParser.parse(text)) {
          case SdpResult.Ok<SessionDescription>(var value) -> value;
          case SdpResult.Bad<SessionDescription>(var _, var sentence) ->
              throw new JoinException("the answer is no SDP: " + sentence);
        };
    PeerTransport transport =
        description.media().stream()
            .flatMap(section -> section.transport().stream())
            .findFirst()
            .orElseThrow(() -> new JoinException("the answer has no transport"));
    if (transport.setup() == Setup.ACTIVE) {
      throw new JoinException("the server wants to be the DTLS client");
    }
    Fingerprint fingerprint =
        transport.fingerprints().stream()
            .filter(each -> CertificateFingerprint.isSupported(each.algorithm()))
            .findFirst()
            .orElseThrow(() -> new JoinException("the answer has no fingerprint"));
    List<InetSocketAddress> candidates = candidates(text);
    if (candidates.isEmpty()) {
      throw new JoinException("the answer has no UDP candidate");
    }
    Map<Integer, Integer> clockRates = new LinkedHashMap<>();
    for (MediaSection section : description.media()) {
      int rate = section.codecs().isEmpty() ? 0 : section.codecs().getFirst().clockRate();
      for (StreamSsrcs stream : section.streams()) {
        clockRates.put(stream.ssrc(), rate);
      }
    }
    return new Answer(
        transport.usernameFragment(),
        transport.password(),
        new CertificateFingerprint(fingerprint.algorithm(), fingerprint.value()),
        candidates,
        clockRates);
  }

  /// Those of component 1 (RFC 8839 §5.1).
  private static List<InetSocketAddress> candidates(String text) {
    List<InetSocketAddress> found = new ArrayList<>();
    for (String line : text.lines().filter(each -> each.startsWith(CANDIDATE)).toList()) {
      String[] words = line.substring(CANDIDATE.length()).split(" ", -1);
      if (words.length >= 8 && words[1].equals("1") && words[2].equalsIgnoreCase("udp")) {
        address(words[4], words[5]).ifPresent(found::add);
      }
    }
    return found;
  }

  /// Nothing for one that cannot be reached from here: there are others.
  private static Optional<InetSocketAddress> address(String host, String port) {
    try {
      return Optional.of(
          new InetSocketAddress(InetAddress.getByName(host), Integer.parseInt(port)));
    } catch (UnknownHostException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
