package io.belfry.sfu.srtp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.belfry.common.bytes.Memory;
import io.belfry.sfu.dtls.KeyingMaterial;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Keys are zeroed when they are no longer needed, and nothing is encrypted with zeroes after that.
final class WipedKeysTest {
  @ParameterizedTest
  @EnumSource
  void masterAndSessionKeysAreZeroedWhenClosed(SrtpProfile profile) {
    SrtpMasterKey master = Cryptos.masterKey(profile, new SplittableRandom(1));
    SessionKeys rtp = SessionKeys.forRtp(master);
    byte[][] secrets = {
      master.key(), master.salt(), rtp.encryptionKey(), rtp.authenticationKey(), rtp.salt()
    };
    for (byte[] secret : secrets) {
      assertFalse(secret.length > 0 && Arrays.equals(new byte[secret.length], secret));
    }
    rtp.close();
    master.close();
    for (byte[] secret : secrets) {
      assertArrayEquals(new byte[secret.length], secret);
    }
  }

  @ParameterizedTest
  @EnumSource
  void keysFromAHandshakeAreZeroedInBothDirections(SrtpProfile profile) {
    SrtpMasterKey client = Cryptos.masterKey(profile, new SplittableRandom(2));
    SrtpMasterKey server = Cryptos.masterKey(profile, new SplittableRandom(3));
    new KeyingMaterial(client, server).close();
    assertArrayEquals(new byte[profile.keyBytes()], client.key());
    assertArrayEquals(new byte[profile.keyBytes()], server.key());
  }

  @ParameterizedTest
  @EnumSource(names = {"NATIVE", "PORTABLE"})
  void aClosedSenderEncryptsNothing(SrtpCrypto.Choice choice) {
    SrtpCrypto crypto = SrtpCrypto.choose(choice);
    Memory slot = Memory.allocate(200);
    for (SrtpProfile profile : SrtpProfile.values()) {
      SrtpMasterKey key = Cryptos.masterKey(profile, new SplittableRandom(4));
      SrtpSender sender = crypto.sender(key);
      sender.close();
      assertThrows(
          IllegalStateException.class,
          () -> sender.protectRtp(Memory.allocate(100), 0, 100, slot, 0, 12, 1));
    }
  }
}
