package io.belfry.sfu.ice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.belfry.common.bytes.Memory;
import io.belfry.sfu.stun.StunIntegrity;
import io.belfry.sfu.stun.StunMessage;
import io.belfry.sfu.stun.StunWriter;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/// Whatever somebody who knows the password may sign: it is answered, and never throws.
class IceLiteAgentFuzzTest {
  private static final IceCredentials LOCAL =
      new IceCredentials("abcd1234", "abcdefghijklmnopqrstuvwx");
  private static final int MAX_ATTRIBUTES_BYTES = 1200;

  private final InetSocketAddress address = new InetSocketAddress("192.0.2.1", 40_000);
  private final IcePath from = () -> address;
  private final StunMessage message = new StunMessage();
  private final Memory request = Memory.allocate(StunMessage.MAX_BYTES);
  private final Memory response = Memory.allocate(IceLiteAgent.MAX_RESPONSE_BYTES);

  /// @param attributes one after another: two bytes of type, one of length, the value
  @FuzzTest(maxDuration = "1m")
  void answersAnythingSigned(byte[] attributes) {
    IceLiteAgent agent = new IceLiteAgent(LOCAL);
    int length = sign(ByteBuffer.wrap(attributes));
    if (!message.wrap(request, 0, length) || agent.verify(message) != IceOutcome.VERIFIED) {
      return;
    }
    IceOutcome outcome = agent.onVerifiedRequest(message, from, 0, response, 0);
    assertTrue(outcome.isAnswered());
    StunMessage answer = new StunMessage();
    assertTrue(answer.wrap(response, 0, agent.responseLength()));
    assertTrue(answer.isFingerprintValid());
    boolean isSuccess = outcome == IceOutcome.CHECKED || outcome == IceOutcome.PATH_SELECTED;
    assertEquals(isSuccess, answer.type() == StunMessage.BINDING_SUCCESS_RESPONSE);
    assertEquals(isSuccess, agent.selectedPath().isPresent());
  }

  private int sign(ByteBuffer attributes) {
    StunWriter writer =
        new StunWriter()
            .begin(request, 0, StunMessage.BINDING_REQUEST, new byte[12])
            .username(LOCAL.usernameFragment() + ":peer");
    while (attributes.remaining() >= 3) {
      int type = Short.toUnsignedInt(attributes.getShort());
      byte[] value = new byte[Math.min(attributes.get() & 0xFF, attributes.remaining())];
      attributes.get(value);
      if (writer.length() + value.length > MAX_ATTRIBUTES_BYTES) {
        break;
      }
      writer.attribute(type, value);
    }
    return writer.messageIntegrity(new StunIntegrity(LOCAL.password())).fingerprint().length();
  }
}
