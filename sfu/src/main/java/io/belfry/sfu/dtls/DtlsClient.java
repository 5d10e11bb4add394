package io.belfry.sfu.dtls;

import io.belfry.sfu.srtp.SrtpProfile;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.List;
import java.util.function.Consumer;
import org.bouncycastle.tls.DTLSClientProtocol;

/// The client's side of one handshake, for load tests: the server itself never has it. Datagrams
/// may come in on any thread.
public final class DtlsClient {
  private static final int RESEND_MILLIS = 100;
  private static final int TIMEOUT_MILLIS = 10_000;

  private final DatagramQueue transport;
  private final SrtpClient client;

  /// @param server the fingerprint of the server's description
  /// @param profiles offered, the preferred one first
  /// @param sender takes what goes to the server, on the thread that shakes hands
  public DtlsClient(
      DtlsCertificate certificate,
      CertificateFingerprint server,
      List<SrtpProfile> profiles,
      SecureRandom random,
      Consumer<byte[]> sender) {
    transport = new DatagramQueue(sender);
    int[] ids = profiles.stream().mapToInt(SrtpProfile::id).toArray();
    client =
        new SrtpClient(new DatagramCrypto(random), certificate, server, ids) {
          @Override
          public int getHandshakeResendTimeMillis() {
            return RESEND_MILLIS;
          }

          @Override
          public int getHandshakeTimeoutMillis() {
            return TIMEOUT_MILLIS;
          }
        };
  }

  /// Takes a datagram of the server.
  ///
  /// @return false if it was dropped, because too many wait
  public boolean onDatagram(byte[] datagram) {
    return transport.offer(datagram);
  }

  /// Shakes hands, and blocks until that is done.
  ///
  /// @throws IOException if the server refuses, is somebody else, or does not answer for 10 s
  public KeyingMaterial handshake() throws IOException {
    var _ = new DTLSClientProtocol().connect(client, transport);
    transport.flush();
    return client.keys().orElseThrow(() -> new IOException("no SRTP keys"));
  }
}
