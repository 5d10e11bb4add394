package io.belfry.sfu.sdp;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// One encoding that a section tells apart by a name (RFC 8851 §4).
///
/// @param id 1 to 16 letters, digits, `-` or `_`; longer ones do not fit the one-byte form of the
///   header extension (RFC 8285 §4.2)
/// @param restrictions as offered, each `key=value`
public record Rid(String id, List<String> restrictions) {
  /// RFC 8852 §3.1 has letters and digits only, RFC 8851 §10 also the two signs; browsers take
  /// both.
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,16}");

  private static final String PAYLOAD_TYPES = "pt=";

  /// RFC 8851 §5, except `depend`, which is about layers in streams of their own.
  private static final Pattern LIMIT =
      Pattern.compile("max-(width|height|fps|fs|br|pps|bpp)=[0-9]{1,10}(\\.[0-9]{1,6})?");

  public Rid {
    restrictions = List.copyOf(restrictions);
    if (!isId(id)) {
      throw new IllegalArgumentException("no rid: " + id);
    }
  }

  static boolean isId(String text) {
    return ID.matcher(text).matches();
  }

  /// @param restrictions what follows the direction of an `a=rid`, such as `pt=96;max-width=640`
  static Rid of(String id, String restrictions) {
    return new Rid(
        id,
        Stream.of(restrictions.split(";", -1))
            .map(String::strip)
            .filter(it -> !it.isEmpty())
            .toList());
  }

  /// The encoding as it can be answered: with the accepted ones of its payload types. Nothing when
  /// it has none of those, or a restriction that is not understood (RFC 8851 §6.3).
  Optional<Rid> accepting(Set<Integer> payloadTypes) {
    var kept = new ArrayList<String>();
    for (String restriction : restrictions) {
      if (restriction.startsWith(PAYLOAD_TYPES)) {
        List<String> types =
            Stream.of(restriction.substring(PAYLOAD_TYPES.length()).split(",", -1))
                .filter(type -> payloadTypes.contains(SdpNumbers.integer(type, 0, 127).orElse(-1)))
                .toList();
        if (types.isEmpty()) {
          return Optional.empty();
        }
        kept.add(PAYLOAD_TYPES + String.join(",", types));
      } else if (LIMIT.matcher(restriction).matches()) {
        kept.add(restriction);
      } else {
        return Optional.empty();
      }
    }
    return Optional.of(new Rid(id, kept));
  }

  /// The value of an `a=rid` that receives it.
  String received() {
    return restrictions.isEmpty() ? id + " recv" : id + " recv " + String.join(";", restrictions);
  }
}
