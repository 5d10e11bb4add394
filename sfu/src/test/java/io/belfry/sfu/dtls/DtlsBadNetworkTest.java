package io.belfry.sfu.dtls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.belfry.common.time.NanoClock;
import io.belfry.sfu.srtp.SrtpProfile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.bouncycastle.tls.DTLSTransport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a network or somebody on it may do to the client's records: lose, repeat, turn, cut and
/// forge single ones.
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class DtlsBadNetworkTest {
  private static final TestClient.Options OPTIONS = TestClient.Options.offering(7);

  private final DtlsContext context =
      new DtlsContext(
          TestClient.SERVER,
          List.of(SrtpProfile.AEAD_AES_128_GCM),
          Duration.ofMinutes(1),
          10,
          TestClient.RANDOM,
          Duration.ofMillis(30),
          NanoClock.SYSTEM);

  private static DTLSTransport assertShakesHands(TestClient client) throws Exception {
    client.server.expect(TestClient.CLIENT.fingerprint());
    DTLSTransport association = client.connect();
    assertEquals(SrtpProfile.AEAD_AES_128_GCM, client.serverKeys.get().profile());
    assertFalse(client.end.isDone());
    return association;
  }

  /// Every record arrives alone, and the CertificateVerify before the ChangeCipherSpec only when it
  /// is repeated.
  @Test
  void survivesACipherChangeBeforeItsTime() throws Exception {
    assertShakesHands(
        new TestClient(context, OPTIONS) {
          private int verifies;

          @Override
          void toServer(byte[] datagram) {
            for (byte[] record : DtlsRecords.split(datagram)) {
              boolean isVerify = DtlsRecords.isHandshake(record, DtlsRecords.CERTIFICATE_VERIFY);
              if (!isVerify || verifies++ > 0) {
                send(record);
              }
            }
          }
        });
  }

  @Test
  void takesRecordsTwiceAndInPairsReversed() throws Exception {
    assertShakesHands(
        new TestClient(context, OPTIONS) {
          private byte[] held = {};

          @Override
          void toServer(byte[] datagram) {
            for (byte[] record : DtlsRecords.split(datagram)) {
              boolean isHello = DtlsRecords.isHandshake(record, DtlsRecords.CLIENT_HELLO);
              if (held.length == 0 && !isHello) {
                held = record;
                continue;
              }
              send(record);
              send(record);
              if (held.length > 0) {
                send(held);
                send(held);
              }
              held = new byte[0];
            }
          }
        });
  }

  /// Each fragment is record sequence number, first byte, and the one after the last.
  static Stream<Arguments> fragments() {
    int end = Integer.MAX_VALUE;
    return Stream.of(
        Arguments.of("in order", new int[][] {{0, 0, 80}, {40, 80, end}}),
        Arguments.of("reversed", new int[][] {{40, 80, end}, {0, 0, 80}}),
        Arguments.of("overlapping", new int[][] {{0, 0, 90}, {40, 10, 100}, {41, 70, end}}));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("fragments")
  void takesAHelloInFragments(String name, int[][] fragments) throws Exception {
    List<byte[]> sent = new ArrayList<>();
    assertShakesHands(
        new TestClient(context, OPTIONS) {
          @Override
          void toServer(byte[] datagram) {
            if (!DtlsRecords.isHandshake(datagram, DtlsRecords.CLIENT_HELLO)) {
              send(datagram);
              return;
            }
            int end = DtlsRecords.bodyLength(datagram);
            for (int[] f : fragments) {
              sent.add(DtlsRecords.fragment(datagram, f[0], f[1], Math.min(f[2], end)));
              assertTrue(send(sent.getLast()));
            }
          }
        });
    assertTrue(sent.size() >= fragments.length);
  }

  /// Nobody who forges a source address can end an association: what is too short to have a tag is
  /// dropped like what has a wrong one (RFC 6347 §4.1.2.7).
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 15, 16, 23, 24, 25, 26, 40, 200})
  void ignoresWhatIsNotAuthenticAfterTheHandshake(int contentBytes) throws Exception {
    TestClient client = new TestClient(context, OPTIONS);
    DTLSTransport association = assertShakesHands(client);
    for (int epoch = 0; epoch <= 2; epoch++) {
      for (int type = 20; type <= 24; type++) {
        client.send(DtlsRecords.record(type, epoch, 9, contentBytes));
      }
    }
    // That the association lives shows in its answer to a repetition of the client's last flight;
    // that nothing else ended it, in the reason.
    association.close();
    assertEquals(DtlsFailure.CLOSED_BY_PEER, client.end.get());
    client.server.awaitEnd();
    assertTrue(
        client.sentByServer.stream().noneMatch(d -> d[0] == DtlsRecords.ALERT && d[4] == 0),
        "no alert in the clear");
  }
}
