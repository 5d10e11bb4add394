package io.belfry.sfu.dtls;

import static io.belfry.sfu.dtls.DtlsRecords.CERTIFICATE_VERIFY;
import static io.belfry.sfu.dtls.DtlsRecords.CHANGE_CIPHER_SPEC;
import static io.belfry.sfu.dtls.DtlsRecords.CLIENT_HELLO;
import static io.belfry.sfu.dtls.DtlsRecords.handshake;
import static io.belfry.sfu.dtls.DtlsRecords.join;
import static io.belfry.sfu.dtls.DtlsRecords.record;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CipherChangeGuardTest {
  private static final byte[] CHANGE = record(CHANGE_CIPHER_SPEC, 0, 7, 1);
  private static final byte[] FINISHED = record(DtlsRecords.HANDSHAKE, 1, 0, 40);
  private static final byte[] VERIFY = handshake(CERTIFICATE_VERIFY, 76, 0, 76);

  private final CipherChangeGuard guard = new CipherChangeGuard();

  private void assertPasses(byte[] datagram) {
    assertEquals(datagram.length, guard.acceptable(datagram));
  }

  private void assertHolds(byte[] datagram) {
    assertEquals(0, guard.acceptable(datagram));
  }

  @Test
  void holdsAChangeThatComesFirst() {
    assertPasses(handshake(CLIENT_HELLO, 180, 0, 180));
    assertHolds(join(CHANGE, FINISHED));
    assertPasses(VERIFY);
    assertPasses(join(CHANGE, FINISHED));
  }

  @Test
  void letsAFlightInOneDatagramPass() {
    assertPasses(join(handshake(11, 300, 0, 300), VERIFY, CHANGE, FINISHED));
  }

  @Test
  void cutsADatagramBeforeTheChange() {
    byte[] certificate = handshake(11, 300, 0, 300);
    assertEquals(certificate.length, guard.acceptable(join(certificate, CHANGE, FINISHED)));
  }

  @Test
  void waitsForAllFragments() {
    assertPasses(handshake(CERTIFICATE_VERIFY, 76, 0, 30));
    assertHolds(CHANGE);
    assertPasses(handshake(CERTIFICATE_VERIFY, 76, 40, 76));
    assertHolds(CHANGE);
    assertPasses(handshake(CERTIFICATE_VERIFY, 76, 20, 50));
    assertHolds(CHANGE);
    assertPasses(handshake(CERTIFICATE_VERIFY, 76, 40, 76));
    assertPasses(CHANGE);
  }

  @Test
  void seesSeveralMessagesInOneRecord() {
    byte[] first = handshake(16, 66, 0, 66);
    byte[] both = Arrays.copyOf(first, first.length + VERIFY.length - 13);
    System.arraycopy(VERIFY, 13, both, first.length, VERIFY.length - 13);
    both[11] = (byte) ((both.length - 13) >>> 8);
    both[12] = (byte) (both.length - 13);
    assertPasses(both);
    assertPasses(CHANGE);
  }

  @Test
  void doesNotCountAMessageThatIsCutOff() {
    for (int length = 0; length < VERIFY.length; length++) {
      assertPasses(Arrays.copyOf(VERIFY, length));
      assertHolds(CHANGE);
    }
  }

  @Test
  void takesAnythingWithoutThrowing() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 20_000; i++) {
      byte[] datagram = new byte[random.nextInt(120)];
      random.nextBytes(datagram);
      for (int at = 0; at < datagram.length; at += 13) {
        datagram[at] = (byte) (20 + random.nextInt(4));
      }
      int acceptable = guard.acceptable(datagram);
      assertTrue(acceptable >= 0 && acceptable <= datagram.length);
    }
  }
}
