package io.belfry.sfu.stun;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.belfry.common.bytes.Memory;

/// Whatever arrives: never throws, never reads past the end.
class StunMessageFuzzTest {
  private final StunMessage message = new StunMessage();
  private final StunIntegrity integrity = new StunIntegrity(StunVectors.PASSWORD);
  private final Memory response = Memory.allocate(256);

  @FuzzTest(maxDuration = "1m")
  void readsAnything(byte[] bytes) {
    // Memory of exactly this size, so that a read past the end throws.
    if (!message.wrap(Memory.copyOf(bytes), 0, bytes.length)) {
      return;
    }
    message.type();
    message.localFragment();
    message.isFingerprintValid();
    message.priority();
    message.errorCode();
    message.xorMappedAddress();
    integrity.isValid(message);
    new StunWriter()
        .beginResponse(response, 0, StunMessage.BINDING_ERROR_RESPONSE, message)
        .errorCode(420, "Unknown Attribute")
        .unknownAttributes(message)
        .messageIntegrity(integrity)
        .fingerprint();
  }
}
