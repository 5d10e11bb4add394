package io.belfry.sfu.dtls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.belfry.common.bytes.Memory;
import io.belfry.common.time.NanoClock;
import io.belfry.sfu.srtp.ReplayWindow;
import io.belfry.sfu.srtp.SrtpCrypto;
import io.belfry.sfu.srtp.SrtpMasterKey;
import io.belfry.sfu.srtp.SrtpProfile;
import io.belfry.sfu.srtp.SrtpReceiver;
import io.belfry.sfu.srtp.SrtpSender;
import java.io.IOException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.TlsFatalAlertReceived;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Whole handshakes with an independent side of the protocol, in memory. Waiting is bounded, but
/// nothing depends on how long it takes.
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class DtlsEndpointTest {
  private static final int GCM_128 = 7;
  private static final int GCM_256 = 8;
  private static final int CM_80 = 1;
  private static final int CM_32 = 2;
  private static final int RECORD_CHANGE_CIPHER_SPEC = 20;
  private static final int RECORD_ALERT = 21;
  private static final int MESSAGE_SERVER_HELLO = 2;

  private static final TestClient.Options CHROMIUM =
      TestClient.Options.offering(CM_80, GCM_256, GCM_128);

  private final DtlsContext context = context(List.of(SrtpProfile.values()), 10);

  @Test
  void givesBothSidesTheSameKeys() throws Exception {
    TestClient client = new TestClient(context, CHROMIUM);
    client.server.expect(TestClient.CLIENT.fingerprint());
    client.connect();
    try (KeyingMaterial ours = client.serverKeys.get()) {
      assertEquals(SrtpProfile.AEAD_AES_128_GCM, ours.profile());
      assertSameKey(client.clientKeys().client(), ours.client());
      assertSameKey(ours.server(), client.clientKeys().server());
    }
    assertEquals(0, context.handshakesInProgress());
  }

  @ParameterizedTest
  @CsvSource({
    "AEAD_AES_128_GCM AEAD_AES_256_GCM AES128_CM_SHA1_80, 1 8 7, AEAD_AES_128_GCM",
    "AEAD_AES_128_GCM AEAD_AES_256_GCM AES128_CM_SHA1_80, 1 8, AEAD_AES_256_GCM",
    "AEAD_AES_128_GCM AEAD_AES_256_GCM AES128_CM_SHA1_80, 1 2, AES128_CM_SHA1_80",
    "AES128_CM_SHA1_80 AEAD_AES_128_GCM, 7 8 1, AES128_CM_SHA1_80"
  })
  void choosesTheProfileByOurOrder(String ours, String offered, SrtpProfile expected)
      throws Exception {
    List<SrtpProfile> profiles =
        List.of(ours.split(" ")).stream().map(SrtpProfile::valueOf).toList();
    Integer[] ids =
        List.of(offered.split(" ")).stream().map(Integer::valueOf).toArray(Integer[]::new);
    TestClient client = new TestClient(context(profiles, 1), TestClient.Options.offering(ids));
    client.server.expect(TestClient.CLIENT.fingerprint());
    client.connect();
    assertEquals(expected, client.serverKeys.get().profile());
    assertEquals(expected, client.clientKeys().profile());
  }

  /// Goal: a handshake survives a bad network. Method: three datagrams in ten are lost, both ways.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void completesWhileThirtyPercentAreLost(long seed) throws Exception {
    TestClient client = new TestClient(context, CHROMIUM.losing(30, seed));
    client.server.expect(TestClient.CLIENT.fingerprint());
    client.connect();
    try (KeyingMaterial ours = client.serverKeys.get()) {
      assertSameKey(client.clientKeys().client(), ours.client());
    }
  }

  /// The last flight is ours: if it is lost, the client repeats its own, which we must answer
  /// although we are done (RFC 6347 §4.2.4).
  @Test
  void repeatsItsLastFlight() throws Exception {
    AtomicInteger lastFlights = new AtomicInteger();
    TestClient client =
        new TestClient(
            context,
            CHROMIUM.keeping(datagram ->
                datagram[0] != RECORD_CHANGE_CIPHER_SPEC || lastFlights.incrementAndGet() > 2));
    client.server.expect(TestClient.CLIENT.fingerprint());
    client.connect();
    assertTrue(lastFlights.get() > 2);
    assertEquals(SrtpProfile.AEAD_AES_128_GCM, client.serverKeys.get().profile());
  }

  @Test
  void completesAmidGarbage() throws Exception {
    TestClient client = new TestClient(context, CHROMIUM.amidGarbage());
    client.server.expect(TestClient.CLIENT.fingerprint());
    client.connect();
    assertEquals(SrtpProfile.AEAD_AES_128_GCM, client.serverKeys.get().profile());
  }

  @Test
  void putsFragmentsTogether() throws Exception {
    TestClient client = new TestClient(context, CHROMIUM.limitedTo(100));
    client.server.expect(TestClient.CLIENT.fingerprint());
    client.connect();
    assertEquals(SrtpProfile.AEAD_AES_128_GCM, client.serverKeys.get().profile());
  }

  /// Today's browsers: DTLS 1.3 offered, a post-quantum key share, and so two datagrams, in either
  /// order.
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void fallsBackToDtls12(boolean swapped) throws Exception {
    TestClient client = new TestClient(context, CHROMIUM);
    List<byte[]> datagrams = ChromiumHello.datagrams();
    assertEquals(2, datagrams.size());
    assertTrue(client.send(datagrams.get(swapped ? 1 : 0)));
    assertTrue(client.send(datagrams.get(swapped ? 0 : 1)));
    byte[] flight = client.sentByServer.take();
    int recordEnd = 13 + (flight[11] & 0xFF) * 256 + (flight[12] & 0xFF);
    String serverHello = HexFormat.of().formatHex(flight, 0, recordEnd);
    int body = 2 * (13 + 12);
    assertTrue(serverHello.startsWith("16fefd0000"), serverHello);
    assertEquals("02", serverHello.substring(2 * 13, 2 * 14), "ServerHello");
    assertEquals("fefd", serverHello.substring(body, body + 4), "DTLS 1.2");
    assertTrue(serverHello.contains("c02b"), "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256");
    assertTrue(serverHello.contains("000e00050002000700"), "use_srtp: AEAD_AES_128_GCM");
    assertTrue(serverHello.contains("00170000"), "extended master secret");
    assertFalse(serverHello.contains("002b0002"), "supported_versions is for 1.3");
    client.server.close();
    client.server.awaitEnd();
  }

  @Test
  void sendsEachFlightInOneDatagramThatFitsAnyPath() throws Exception {
    TestClient client = new TestClient(context, CHROMIUM);
    client.server.expect(TestClient.CLIENT.fingerprint());
    client.connect();
    client.serverKeys.get();
    for (byte[] datagram : client.sentByServer) {
      assertTrue(datagram.length <= 1200);
      boolean isWholeFlight =
          datagram[0] == RECORD_CHANGE_CIPHER_SPEC || datagram[13] == MESSAGE_SERVER_HELLO;
      assertTrue(isWholeFlight);
    }
  }

  @Test
  void refusesAnotherCertificate() throws Exception {
    TestClient client = new TestClient(context, CHROMIUM);
    client.server.expect(TestClient.SERVER.fingerprint());
    assertThrows(TlsFatalAlertReceived.class, client::connect);
    assertEquals(DtlsFailure.FINGERPRINT_MISMATCH, client.end.get());
    client.server.awaitEnd();
    assertFalse(client.send(ChromiumHello.datagrams().get(0)));
    assertEquals(0, context.handshakesInProgress());
  }

  /// The description of a subscriber may come after its handshake.
  @Test
  void givesNoKeysBeforeTheFingerprint() throws Exception {
    TestClient client = new TestClient(context, CHROMIUM);
    client.connect();
    assertFalse(client.serverKeys.isDone());
    client.server.expect(TestClient.CLIENT.fingerprint());
    assertEquals(SrtpProfile.AEAD_AES_128_GCM, client.serverKeys.get().profile());
  }

  @Test
  void refusesAnotherCertificateAfterTheHandshakeToo() throws Exception {
    TestClient client = new TestClient(context, CHROMIUM);
    client.connect();
    client.server.expect(TestClient.SERVER.fingerprint());
    assertEquals(DtlsFailure.FINGERPRINT_MISMATCH, client.end.get());
  }

  @Test
  void doesNotWaitForEverForTheFingerprint() throws Exception {
    AtomicLong nowNanos = new AtomicLong();
    NanoClock leaping = () -> nowNanos.getAndAdd(Duration.ofHours(1).toNanos());
    TestClient client =
        new TestClient(
            context(List.of(SrtpProfile.values()), 1, Duration.ofMinutes(1), leaping), CHROMIUM);
    client.connect();
    assertEquals(DtlsFailure.FINGERPRINT_MISSING, client.end.get());
  }

  @ParameterizedTest
  @ValueSource(ints = {CM_32, 0x7777})
  void refusesPeersWithoutAProfileOfOurs(int offered) throws Exception {
    TestClient client = new TestClient(context, TestClient.Options.offering(offered));
    assertThrows(TlsFatalAlertReceived.class, client::connect);
    assertEquals(DtlsFailure.NO_COMMON_PROFILE, client.end.get());
  }

  @Test
  void refusesPeersWithoutSrtp() throws Exception {
    TestClient client = new TestClient(context, TestClient.Options.offering());
    assertThrows(TlsFatalAlertReceived.class, client::connect);
    assertEquals(DtlsFailure.NO_COMMON_PROFILE, client.end.get());
  }

  @Test
  void givesUpInTime() throws Exception {
    DtlsContext impatient =
        context(List.of(SrtpProfile.values()), 1, Duration.ofMillis(50), NanoClock.SYSTEM);
    TestClient client = new TestClient(impatient, CHROMIUM);
    ChromiumHello.datagrams().forEach(client::send);
    assertEquals(DtlsFailure.TIMEOUT, client.end.get());
  }

  @Test
  void tellsWhenThePeerCloses() throws Exception {
    TestClient client = new TestClient(context, CHROMIUM);
    client.server.expect(TestClient.CLIENT.fingerprint());
    DTLSTransport association = client.connect();
    client.serverKeys.get();
    association.close();
    assertEquals(DtlsFailure.CLOSED_BY_PEER, client.end.get());
    client.server.awaitEnd();
    assertFalse(client.send(ChromiumHello.datagrams().get(0)));
  }

  @Test
  void saysGoodbye() throws Exception {
    TestClient client = new TestClient(context, CHROMIUM);
    client.server.expect(TestClient.CLIENT.fingerprint());
    client.connect();
    client.serverKeys.get();
    client.sentByServer.clear();
    client.server.close();
    client.server.awaitEnd();
    assertEquals(RECORD_ALERT, client.sentByServer.take()[0]);
    assertFalse(client.end.isDone(), "the owner knows already");
  }

  @Test
  void canBeClosedAmidTheHandshake() throws Exception {
    TestClient client = new TestClient(context, CHROMIUM);
    ChromiumHello.datagrams().forEach(client::send);
    byte[] first = client.sentByServer.take();
    assertEquals(22, first[0]);
    client.server.close();
    client.server.awaitEnd();
    assertTrue(client.sentByServer.stream().anyMatch(datagram -> datagram[0] == RECORD_ALERT));
    assertFalse(client.end.isDone());
    assertEquals(0, context.handshakesInProgress());
  }

  @Test
  void canBeClosedBeforeItBegins() throws Exception {
    TestClient client = new TestClient(context, CHROMIUM);
    client.server.close();
    client.server.awaitEnd();
    assertFalse(client.send(ChromiumHello.datagrams().get(0)));
  }

  @Test
  void handshakesBeyondTheLimitWaitForTheirTurn() throws Exception {
    DtlsContext narrow = context(List.of(SrtpProfile.values()), 1);
    TestClient first = new TestClient(narrow, CHROMIUM);
    TestClient second = new TestClient(narrow, CHROMIUM);
    for (TestClient client : List.of(first, second)) {
      for (byte[] hello : ChromiumHello.datagrams()) {
        assertTrue(client.send(hello));
      }
      if (client.equals(first)) {
        first.sentByServer.take(); // it has its turn
      }
    }
    assertEquals(1, narrow.handshakesInProgress());
    assertTrue(second.sentByServer.isEmpty());
    first.server.close();
    second.sentByServer.take();
    second.server.close();
    second.server.awaitEnd();
    assertEquals(0, narrow.handshakesInProgress());
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "empty, ''",
    "a record header alone, 16fefd00000000000000000000",
    "an alert, 15fefd00000000000000000002020000000000000000000000000000",
    "application data, 17fefd0000000000000000000c010000000000000000000000",
    "a ServerHello, 16fefd0000000000000000000c020000000000000000000000",
    "epoch one, 16fefd0001000000000000000c010000000000000000000000",
    "TLS over TCP, 1603010000000000000000000c010000000000000000000000",
    "a record longer than the datagram, 16fefd0000000000000000000d010000000000000000000000"
  })
  void startsOnlyForAClientHello(String name, String hex) throws Exception {
    TestClient client = new TestClient(context, CHROMIUM);
    byte[] datagram = HexFormat.of().parseHex(hex);
    assertFalse(client.send(datagram), name);
    assertEquals(0, context.handshakesInProgress());
  }

  @Test
  void knowsAClientHello() {
    byte[] hello = HexFormat.of().parseHex("16fefd0000000000000000000c" + "01" + "00".repeat(11));
    assertTrue(DtlsEndpoint.isClientHello(Memory.copyOf(hello), 0, hello.length));
  }

  @Test
  void warmsUp() {
    assertTrue(DtlsWarmup.run(context));
    assertEquals(0, context.handshakesInProgress());
  }

  private static DtlsContext context(List<SrtpProfile> profiles, int maxHandshakes) {
    return context(profiles, maxHandshakes, Duration.ofMinutes(1), NanoClock.SYSTEM);
  }

  private static DtlsContext context(
      List<SrtpProfile> profiles, int maxHandshakes, Duration handshakeTimeout, NanoClock clock) {
    return new DtlsContext(
        TestClient.SERVER,
        profiles,
        handshakeTimeout,
        maxHandshakes,
        TestClient.RANDOM,
        Duration.ofMillis(30),
        clock);
  }

  /// What one side protects the other unprotects.
  private static void assertSameKey(SrtpMasterKey sending, SrtpMasterKey receiving)
      throws IOException {
    SrtpCrypto crypto = SrtpCrypto.choose(SrtpCrypto.Choice.PORTABLE);
    byte[] packet = HexFormat.of().parseHex("806000010000000011223344" + "cafe");
    try (SrtpSender sender = crypto.sender(sending);
        SrtpReceiver receiver = crypto.receiver(receiving)) {
      Memory target = Memory.allocate(100);
      int length = sender.protectRtp(Memory.copyOf(packet), 0, packet.length, 12, target, 0, 1);
      int plain = receiver.unprotectRtp(target, 0, length, 12, new ReplayWindow());
      assertArrayEquals(packet, target.toArray(0, plain));
    }
  }
}
