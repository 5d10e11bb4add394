package io.belfry.sfu.srtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SrtpCryptoTest {
  @Test
  void isPortableWhenAsked() {
    assertFalse(SrtpCrypto.choose(SrtpCrypto.Choice.PORTABLE).isNative());
  }

  @Test
  void saysWhatRuns() {
    SrtpCrypto crypto = SrtpCrypto.choose(SrtpCrypto.Choice.AUTO);
    String expected = crypto.isNative() ? "native (OpenSSL 3." : "portable (JDK";
    assertTrue(crypto.description().startsWith(expected), crypto.description());
  }

  @Test
  void refusesToBeNativeWhereItCannot() {
    if (SrtpCrypto.choose(SrtpCrypto.Choice.AUTO).isNative()) {
      assertTrue(SrtpCrypto.choose(SrtpCrypto.Choice.NATIVE).isNative());
    } else {
      assertThrows(IllegalStateException.class, () -> SrtpCrypto.choose(SrtpCrypto.Choice.NATIVE));
    }
  }

  @ParameterizedTest
  @CsvSource({"7, AEAD_AES_128_GCM", "8, AEAD_AES_256_GCM", "1, AES128_CM_SHA1_80"})
  void knowsItsProfilesById(int id, SrtpProfile profile) {
    assertEquals(profile, SrtpProfile.ofId(id).orElseThrow());
    assertEquals(id, profile.id());
  }

  @Test
  void knowsNoOtherProfile() {
    assertTrue(SrtpProfile.ofId(2).isEmpty());
  }

  @Test
  void refusesKeysOfTheWrongLength() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new SrtpMasterKey(SrtpProfile.AEAD_AES_128_GCM, new byte[16], new byte[14]));
  }
}
