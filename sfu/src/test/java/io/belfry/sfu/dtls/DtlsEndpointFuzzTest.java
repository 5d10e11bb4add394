package io.belfry.sfu.dtls;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.belfry.common.bytes.Memory;

/// What decides whether a stranger's datagram starts a handshake: never throws, never reads past
/// the end.
class DtlsEndpointFuzzTest {
  @FuzzTest(maxDuration = "1m")
  void looksAtAnything(byte[] bytes) {
    DtlsEndpoint.isClientHello(Memory.copyOf(bytes), 0, bytes.length);
  }
}
