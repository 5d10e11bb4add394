package io.belfry.sfu.sdp;

import io.belfry.sfu.rtp.ExtensionIds;
import io.belfry.sfu.rtp.HeaderExtension;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// Collects the attributes of one section (or of the session) while the parser goes through its
/// lines, and puts them together at the end. A malformed attribute is skipped.
final class SectionReader {
  private static final int MAX_TOKEN_CHARACTERS = 256;

  /// Ends an extension block in the one-byte form (RFC 8285 §4.2).
  private static final int RESERVED_EXTENSION_ID = 15;

  int lines;
  List<String> bundle = List.of();
  boolean mixedFormsAllowed;

  private final List<String> mediaLine;
  private final Map<Integer, String> rtpmaps = new HashMap<>();
  private final Map<Integer, String> parameters = new HashMap<>();
  private final Map<Integer, Set<String>> feedback = new HashMap<>();
  private final Map<HeaderExtension, Integer> extensions = new EnumMap<>(HeaderExtension.class);
  private final Map<HeaderExtension, Direction> extensionDirections =
      new EnumMap<>(HeaderExtension.class);
  private final Set<Integer> extensionIds = new HashSet<>();
  private final EncodingReader encodings = new EncodingReader();
  private final List<Fingerprint> fingerprints = new ArrayList<>();
  private Optional<Direction> direction = Optional.empty();
  private Optional<Setup> setup = Optional.empty();
  private String mid;
  private String usernameFragment = "";
  private String password = "";
  private String cname = "";
  private String streamId = "";
  private String trackId = "";
  private boolean hasRtcpMux;
  private boolean isRtcpMuxOnly;
  private boolean hasRtcpRsize;

  /// @param mediaLine what follows `m=`, or nothing for the session
  /// @param position of the section, which stands in for a missing mid
  SectionReader(String mediaLine, int position) {
    this.mediaLine = words(mediaLine);
    this.mid = Integer.toString(position);
  }

  boolean isMediaLineValid() {
    return mediaLine.size() >= 4 && port().isPresent();
  }

  /// `9`, or `9/2` (RFC 8866 §5.14).
  private OptionalInt port() {
    String port = mediaLine.get(1);
    int slash = port.indexOf('/');
    return SdpNumbers.integer(slash < 0 ? port : port.substring(0, slash), 0, 65_535);
  }

  /// Takes one attribute, as `name` or `name:value`.
  void attribute(String line) {
    lines++;
    int colon = line.indexOf(':');
    String name = colon < 0 ? line : line.substring(0, colon);
    String value = colon < 0 ? "" : line.substring(colon + 1).strip();
    switch (name) {
      case "group" -> group(words(value));
      case "mid" -> mid = isToken(value) ? value : mid;
      case "extmap-allow-mixed" -> mixedFormsAllowed = true;
      case "sendrecv", "sendonly", "recvonly", "inactive" -> direction = Direction.of(name);
      case "ice-ufrag" -> usernameFragment = isToken(value) ? value : "";
      case "ice-pwd" -> password = isToken(value) ? value : "";
      case "fingerprint" -> fingerprint(words(value));
      case "setup" -> setup(value);
      case "rtcp-mux" -> hasRtcpMux = true;
      case "rtcp-mux-only" -> isRtcpMuxOnly = true;
      case "rtcp-rsize" -> hasRtcpRsize = true;
      case "rtpmap" -> numbered(value, rtpmaps);
      case "fmtp" -> numbered(value, parameters);
      case "rtcp-fb" -> feedback(words(value));
      case "extmap" -> extmap(words(value));
      case "msid" -> msid(words(value));
      case "ssrc" -> ssrc(words(value));
      case "ssrc-group" -> encodings.ssrcGroup(words(value));
      case "rid" -> encodings.rid(words(value));
      case "simulcast" -> encodings.simulcast(words(value));
      default -> {}
    }
  }

  private void group(List<String> words) {
    if (bundle.isEmpty() && words.getFirst().equals("BUNDLE")) {
      bundle = words.subList(1, words.size());
    }
  }

  private void fingerprint(List<String> words) {
    if (words.size() == 2) {
      fingerprints.add(
          new Fingerprint(
              words.get(0).toLowerCase(Locale.ROOT), words.get(1).toUpperCase(Locale.ROOT)));
    }
  }

  private void setup(String value) {
    setup =
        switch (value) {
          case "active" -> Optional.of(Setup.ACTIVE);
          case "passive" -> Optional.of(Setup.PASSIVE);
          case "actpass" -> Optional.of(Setup.ACTPASS);
          default -> Optional.empty();
        };
  }

  /// `96 VP8/90000` and `96 max-fs=12288`.
  private static void numbered(String value, Map<Integer, String> target) {
    int space = value.indexOf(' ');
    if (space > 0) {
      SdpNumbers.integer(value.substring(0, space), 0, 127)
          .ifPresent(type -> target.putIfAbsent(type, value.substring(space + 1).strip()));
    }
  }

  /// `96 nack pli`, or `* nack pli` for all (RFC 4585 §4.2).
  private void feedback(List<String> words) {
    if (words.size() < 2) {
      return;
    }
    String value = String.join(" ", words.subList(1, words.size()));
    int type =
        words.getFirst().equals("*") ? -1 : SdpNumbers.integer(words.getFirst(), 0, 127).orElse(-2);
    feedback.computeIfAbsent(type, _ -> new LinkedHashSet<>()).add(value);
  }

  /// `3 urn:…`, or `3/sendonly urn:…`. One that is inactive counts as not there.
  private void extmap(List<String> words) {
    if (words.size() < 2) {
      return;
    }
    String[] idAndDirection = words.getFirst().split("/", 2);
    Optional<Direction> direction =
        idAndDirection.length == 1
            ? Optional.of(Direction.SENDRECV)
            : Direction.of(idAndDirection[1]);
    Optional<HeaderExtension> extension = HeaderExtension.ofUri(words.get(1));
    int id = SdpNumbers.integer(idAndDirection[0], 1, 255).orElse(RESERVED_EXTENSION_ID);
    if (extension.isEmpty()
        || extensions.containsKey(extension.get())
        || direction.orElse(Direction.INACTIVE) == Direction.INACTIVE
        || id == RESERVED_EXTENSION_ID
        || !extensionIds.add(id)) {
      return;
    }
    extensions.put(extension.get(), id);
    extensionDirections.put(extension.get(), direction.get());
  }

  private void msid(List<String> words) {
    if (isToken(words.getFirst())) {
      streamId = words.getFirst();
      trackId = words.size() > 1 && isToken(words.get(1)) ? words.get(1) : "";
    }
  }

  /// `1234 cname:x` and `1234 msid:stream track`.
  private void ssrc(List<String> words) {
    if (!encodings.ssrc(words.getFirst())) {
      return;
    }
    String attribute = words.size() > 1 ? words.get(1) : "";
    if (attribute.startsWith("cname:") && cname.isEmpty()) {
      cname = attribute.substring("cname:".length());
    } else if (attribute.startsWith("msid:") && streamId.isEmpty()) {
      streamId = attribute.substring("msid:".length());
      trackId = words.size() > 2 ? words.get(2) : "";
    }
  }

  /// What was collected, with what the session says where the section says nothing.
  MediaSection read(SectionReader session) {
    return new MediaSection(
        mid,
        MediaKind.of(mediaLine.get(0)),
        mediaLine.get(0),
        port().orElseThrow(),
        mediaLine.get(2),
        mediaLine.subList(3, mediaLine.size()),
        direction.or(() -> session.direction).orElse(Direction.SENDRECV),
        hasRtcpMux,
        isRtcpMuxOnly,
        hasRtcpRsize,
        codecs(),
        ExtensionIds.of(extensions),
        extensionDirections,
        encodings.streams(),
        cname,
        streamId,
        trackId,
        encodings.rids(),
        transport(session));
  }

  private List<RtpCodec> codecs() {
    Map<Integer, Integer> rtxTypes = new HashMap<>();
    var codecs = new ArrayList<RtpCodec>();
    List<Integer> types =
        mediaLine.stream()
            .skip(3)
            .map(format -> SdpNumbers.integer(format, 0, 127))
            .filter(OptionalInt::isPresent)
            .map(OptionalInt::getAsInt)
            .distinct()
            .toList();
    for (int type : types) {
      codec(type).ifPresent(codecs::add);
    }
    for (RtpCodec codec : codecs) {
      if (codec.name().equalsIgnoreCase("rtx")) {
        SdpNumbers.integer(codec.parameter("apt", ""), 0, 127)
            .ifPresent(original -> rtxTypes.putIfAbsent(original, codec.payloadType()));
      }
    }
    return codecs.stream()
        .filter(codec -> !codec.name().equalsIgnoreCase("rtx"))
        .map(codec -> withRtx(codec, rtxTypes))
        .toList();
  }

  private static RtpCodec withRtx(RtpCodec codec, Map<Integer, Integer> rtxTypes) {
    return new RtpCodec(
        codec.payloadType(),
        codec.name(),
        codec.clockRate(),
        codec.channels(),
        codec.parameters(),
        rtxTypes.getOrDefault(codec.payloadType(), RtpCodec.NO_RTX),
        codec.feedback());
  }

  /// `opus/48000/2`.
  private Optional<RtpCodec> codec(int type) {
    List<String> parts = List.of(rtpmaps.getOrDefault(type, "").split("/", 3));
    if (parts.size() < 2) {
      return Optional.empty();
    }
    OptionalInt clockRate = SdpNumbers.integer(parts.get(1), 1, 1_000_000);
    if (clockRate.isEmpty()) {
      return Optional.empty();
    }
    int channels = parts.size() == 3 ? SdpNumbers.integer(parts.get(2), 1, 255).orElse(1) : 1;
    var all = new HashSet<>(feedback.getOrDefault(-1, Set.of()));
    all.addAll(feedback.getOrDefault(type, Set.of()));
    return Optional.of(
        new RtpCodec(
            type,
            parts.get(0),
            clockRate.getAsInt(),
            channels,
            parameters.getOrDefault(type, ""),
            RtpCodec.NO_RTX,
            all));
  }

  /// The ICE credentials, once both are there.
  Optional<IceFragment> credentials() {
    return usernameFragment.isEmpty() || password.isEmpty()
        ? Optional.empty()
        : Optional.of(new IceFragment(usernameFragment, password));
  }

  private Optional<PeerTransport> transport(SectionReader session) {
    String fragment = usernameFragment.isEmpty() ? session.usernameFragment : usernameFragment;
    String secret = password.isEmpty() ? session.password : password;
    List<Fingerprint> prints = fingerprints.isEmpty() ? session.fingerprints : fingerprints;
    if (fragment.isEmpty() || secret.isEmpty()) {
      return Optional.empty();
    }
    Setup role = setup.or(() -> session.setup).orElse(Setup.ACTPASS);
    return Optional.of(new PeerTransport(fragment, secret, prints, role));
  }

  private static boolean isToken(String value) {
    return !value.isEmpty()
        && value.length() <= MAX_TOKEN_CHARACTERS
        && value.chars().allMatch(c -> c > ' ' && c < 0x7F);
  }

  /// The words of a line; at least one, possibly empty.
  private static List<String> words(String line) {
    return List.of(line.strip().split(" +", -1));
  }
}
