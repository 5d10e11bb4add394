package io.belfry.sfu.srtp;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/// The implementations under test: all tests run on each.
final class Cryptos {
  static final SrtpCrypto PORTABLE = SrtpCrypto.choose(SrtpCrypto.Choice.PORTABLE);

  private Cryptos() {}

  /// The portable one, and the native one where it can be had.
  static List<SrtpCrypto> all() {
    List<SrtpCrypto> all = new ArrayList<>(List.of(PORTABLE));
    SrtpCrypto best = SrtpCrypto.choose(SrtpCrypto.Choice.AUTO);
    if (best.isNative()) {
      all.add(best);
    }
    return all;
  }

  static Stream<Arguments> withEveryProfile() {
    return all().stream()
        .flatMap(c -> Stream.of(SrtpProfile.values()).map(p -> Arguments.of(c, p)));
  }

  static SrtpMasterKey masterKey(SrtpProfile profile, SplittableRandom random) {
    return new SrtpMasterKey(
        profile, bytes(random, profile.keyBytes()), bytes(random, profile.saltBytes()));
  }

  static byte[] bytes(SplittableRandom random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}
