package io.belfry.sfu.sdp;

import io.belfry.sfu.rtp.codec.CodecKind;
import java.util.EnumSet;
import java.util.Set;

/// Which codecs clients may publish.
///
/// @param codecs at least one
public record CodecPolicy(Set<CodecKind> codecs) {
  /// Everything that can be forwarded.
  public static final CodecPolicy ALL = new CodecPolicy(EnumSet.allOf(CodecKind.class));

  public CodecPolicy {
    codecs = Set.copyOf(codecs);
    if (codecs.isEmpty()) {
      throw new IllegalArgumentException("a codec policy allows at least one codec");
    }
  }

  boolean allows(CodecIdentity identity) {
    return codecs.contains(identity.kind());
  }
}
