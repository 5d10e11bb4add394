package io.belfry.sfu.ice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.belfry.common.bytes.Memory;
import io.belfry.sfu.stun.StunAttribute;
import io.belfry.sfu.stun.StunIntegrity;
import io.belfry.sfu.stun.StunMessage;
import io.belfry.sfu.stun.StunWriter;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class IceLiteAgentTest {
  private static final Path HOME = new Path(new InetSocketAddress("192.0.2.1", 40_000));
  private static final Path CAFE = new Path(new InetSocketAddress("2001:db8::7", 50_000));

  private record Path(InetSocketAddress inet) implements IcePath {}

  /// A time line that wraps while the test runs, as `System.nanoTime` may; not a constant to the
  /// compiler.
  private static final long START = Long.parseLong("9223372031854775807");

  private static final long SECOND = 1_000_000_000L;

  private final SplittableRandom random = new SplittableRandom(1);
  private final IceCredentials local = IceCredentials.generate(random);
  private final IceLiteAgent agent = new IceLiteAgent(local);
  private final Memory request = Memory.allocate(512);
  private final Memory response = Memory.allocate(IceLiteAgent.MAX_RESPONSE_BYTES + 4);
  private final StunMessage message = new StunMessage();

  @Test
  void answersACheckWithTheAddressItSaw() {
    assertEquals(IceOutcome.PATH_SELECTED, check(HOME, START, false));
    StunMessage answer = answer();
    assertEquals(StunMessage.BINDING_SUCCESS_RESPONSE, answer.type());
    assertEquals(HOME.inet(), answer.xorMappedAddress().orElseThrow());
    assertTrue(answer.isFingerprintValid());
    assertTrue(new StunIntegrity(local.password()).isValid(answer));
  }

  @Test
  void keepsTheFirstPathUntilAnotherIsNominated() {
    assertEquals(Optional.empty(), agent.selectedPath());
    assertEquals(IceOutcome.PATH_SELECTED, check(HOME, START, false));
    assertEquals(IceOutcome.CHECKED, check(CAFE, START + SECOND, false));
    assertEquals(Optional.of(HOME), agent.selectedPath());
    assertFalse(agent.isNominated());
    assertEquals(IceOutcome.PATH_SELECTED, check(CAFE, START + 2 * SECOND, true));
    assertEquals(Optional.of(CAFE), agent.selectedPath());
    assertTrue(agent.isNominated());
  }

  @Test
  void followsTheLatestNomination() {
    check(HOME, START, true);
    assertEquals(IceOutcome.PATH_SELECTED, check(CAFE, START + SECOND, true));
    assertEquals(IceOutcome.CHECKED, check(HOME, START + 2 * SECOND, false));
    assertEquals(IceOutcome.PATH_SELECTED, check(HOME, START + 3 * SECOND, true));
  }

  /// A NAT gave the client another address, and the client has no reason to nominate again.
  @Test
  void takesAnotherPathOnceTheSelectedOneIsSilent() {
    check(HOME, START, true);
    assertEquals(IceOutcome.CHECKED, check(CAFE, START + 9_900_000_000L, false));
    assertEquals(IceOutcome.PATH_SELECTED, check(CAFE, START + 10 * SECOND, false));
    assertEquals(Optional.of(CAFE), agent.selectedPath());
  }

  @Test
  void losesConsentAfterThirtySecondsOfSilence() {
    check(HOME, START, true);
    assertFalse(agent.isConsentExpired(START + 29_900_000_000L));
    assertTrue(agent.isConsentExpired(START + 30 * SECOND));
  }

  @Test
  void renewsConsentWithEveryCheckOnTheSelectedPath() {
    check(HOME, START, true);
    check(HOME, START + 20 * SECOND, false);
    assertFalse(agent.isConsentExpired(START + 49 * SECOND));
    assertTrue(agent.isConsentExpired(START + 50 * SECOND));
  }

  @Test
  void doesNotRenewConsentFromElsewhereOrByForgery() {
    check(HOME, START, true);
    check(CAFE, START + 5 * SECOND, false);
    assertEquals(IceOutcome.WRONG_INTEGRITY, verify(local, "another-password-entirely", _ -> {}));
    assertTrue(agent.isConsentExpired(START + 30 * SECOND));
  }

  @Test
  void hasNoConsentToLoseBeforeTheFirstCheck() {
    assertFalse(agent.isConsentExpired(START + 100 * SECOND));
  }

  @Test
  void keepsOldCredentialsUntilNewOnesAreUsed() {
    check(HOME, START, true);
    IceCredentials fresh = IceCredentials.generate(random);
    agent.restart(fresh);
    assertEquals(fresh, agent.credentials());
    assertEquals(IceLiteAgent.NO_FRAGMENT, agent.takeRetiredFragment());
    assertEquals(IceOutcome.CHECKED, check(local, HOME, START + SECOND, false, _ -> {}));
    assertTrue(new StunIntegrity(local.password()).isValid(answer()));

    assertEquals(IceOutcome.CHECKED, check(fresh, CAFE, START + 2 * SECOND, false, _ -> {}));
    assertTrue(new StunIntegrity(fresh.password()).isValid(answer()));
    assertEquals(local.fragmentKey(), agent.takeRetiredFragment());
    assertEquals(IceLiteAgent.NO_FRAGMENT, agent.takeRetiredFragment());
    assertEquals(IceOutcome.WRONG_USERNAME, verify(local, local.password(), _ -> {}));

    assertEquals(Optional.of(HOME), agent.selectedPath(), "media goes on until a nomination");
    assertFalse(agent.isNominated());
    check(fresh, CAFE, START + 3 * SECOND, true, _ -> {});
    assertEquals(Optional.of(CAFE), agent.selectedPath());
  }

  @Test
  void retiresCredentialsThatNobodyUsed() {
    IceCredentials second = IceCredentials.generate(random);
    IceCredentials third = IceCredentials.generate(random);
    agent.restart(second);
    agent.restart(third);
    assertEquals(second.fragmentKey(), agent.takeRetiredFragment());
    assertEquals(IceOutcome.WRONG_USERNAME, verify(second, second.password(), _ -> {}));
    assertEquals(IceOutcome.CHECKED, checkAfter(local));
    assertEquals(IceOutcome.CHECKED, checkAfter(third));
  }

  private IceOutcome checkAfter(IceCredentials credentials) {
    check(credentials, HOME, START, true, _ -> {});
    return check(credentials, HOME, START, true, _ -> {});
  }

  /// Everything that is dropped without an answer and without a trace.
  @ParameterizedTest
  @EnumSource
  void dropsWhatIsNotAuthentic(Refused refused) {
    int length = refused.write(new StunWriter(), request, local);
    assertTrue(message.wrap(request, 0, length));
    assertEquals(refused.expected, agent.verify(message));
    assertFalse(refused.expected.isAnswered());
    assertThrows(
        IllegalStateException.class,
        () -> agent.onVerifiedRequest(message, HOME, START, response, 0));
    assertEquals(Optional.empty(), agent.selectedPath());
  }

  enum Refused {
    INDICATION(IceOutcome.NOT_A_BINDING_REQUEST) {
      @Override
      int write(StunWriter writer, Memory target, IceCredentials local) {
        return signed(begin(writer, target, StunMessage.BINDING_INDICATION), local);
      }
    },
    RESPONSE(IceOutcome.NOT_A_BINDING_REQUEST) {
      @Override
      int write(StunWriter writer, Memory target, IceCredentials local) {
        return signed(begin(writer, target, StunMessage.BINDING_SUCCESS_RESPONSE), local);
      }
    },
    ALLOCATE_REQUEST(IceOutcome.NOT_A_BINDING_REQUEST) {
      @Override
      int write(StunWriter writer, Memory target, IceCredentials local) {
        return signed(begin(writer, target, 0x0003), local);
      }
    },
    BARE(IceOutcome.NO_CREDENTIALS) {
      @Override
      int write(StunWriter writer, Memory target, IceCredentials local) {
        return begin(writer, target, StunMessage.BINDING_REQUEST).length();
      }
    },
    WITHOUT_USERNAME(IceOutcome.NO_CREDENTIALS) {
      @Override
      int write(StunWriter writer, Memory target, IceCredentials local) {
        return begin(writer, target, StunMessage.BINDING_REQUEST)
            .messageIntegrity(new StunIntegrity(local.password()))
            .length();
      }
    },
    WITHOUT_INTEGRITY(IceOutcome.NO_CREDENTIALS) {
      @Override
      int write(StunWriter writer, Memory target, IceCredentials local) {
        return begin(writer, target, StunMessage.BINDING_REQUEST)
            .username(local.usernameFragment() + ":peer")
            .fingerprint()
            .length();
      }
    },
    SOMEBODY_ELSES_USERNAME(IceOutcome.WRONG_USERNAME) {
      @Override
      int write(StunWriter writer, Memory target, IceCredentials local) {
        return begin(writer, target, StunMessage.BINDING_REQUEST)
            .username("abcdefgh:peer")
            .messageIntegrity(new StunIntegrity(local.password()))
            .length();
      }
    },
    USERNAME_WITHOUT_COLON(IceOutcome.WRONG_USERNAME) {
      @Override
      int write(StunWriter writer, Memory target, IceCredentials local) {
        return begin(writer, target, StunMessage.BINDING_REQUEST)
            .username(local.usernameFragment())
            .messageIntegrity(new StunIntegrity(local.password()))
            .length();
      }
    },
    WRONG_PASSWORD(IceOutcome.WRONG_INTEGRITY) {
      @Override
      int write(StunWriter writer, Memory target, IceCredentials local) {
        return begin(writer, target, StunMessage.BINDING_REQUEST)
            .username(local.usernameFragment() + ":peer")
            .messageIntegrity(new StunIntegrity("x" + local.password()))
            .fingerprint()
            .length();
      }
    },
    DAMAGED(IceOutcome.WRONG_FINGERPRINT) {
      @Override
      int write(StunWriter writer, Memory target, IceCredentials local) {
        int length = signed(begin(writer, target, StunMessage.BINDING_REQUEST), local);
        target.bytes().put(10, (byte) 99);
        return length;
      }
    };

    final IceOutcome expected;

    Refused(IceOutcome expected) {
      this.expected = expected;
    }

    abstract int write(StunWriter writer, Memory target, IceCredentials local);

    static StunWriter begin(StunWriter writer, Memory target, int type) {
      return writer.begin(target, 0, type, new byte[12]);
    }

    static int signed(StunWriter writer, IceCredentials local) {
      return writer
          .username(local.usernameFragment() + ":peer")
          .messageIntegrity(new StunIntegrity(local.password()))
          .fingerprint()
          .length();
    }
  }

  @Test
  void refusesTheControlledRole() {
    IceOutcome outcome =
        check(
            local, HOME, START, true, w -> w.attribute(StunAttribute.ICE_CONTROLLED, new byte[8]));
    assertEquals(IceOutcome.ROLE_CONFLICT, outcome);
    assertEquals(487, errorAnswer().errorCode());
    assertEquals(Optional.empty(), agent.selectedPath());
  }

  @Test
  void refusesBothRolesAtOnce() {
    IceOutcome outcome =
        check(
            local,
            HOME,
            START,
            true,
            w ->
                w.attribute(StunAttribute.ICE_CONTROLLED, new byte[8])
                    .attribute(StunAttribute.ICE_CONTROLLING, new byte[8]));
    assertEquals(IceOutcome.BAD_REQUEST, outcome);
    assertEquals(400, errorAnswer().errorCode());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 30})
  void namesTheAttributesItDoesNotKnow(int count) {
    IceOutcome outcome =
        check(
            local,
            HOME,
            START,
            true,
            w -> {
              for (int i = 0; i < count; i++) {
                w.attribute(0x7F00 + i, new byte[0]);
              }
            });
    assertEquals(IceOutcome.UNKNOWN_ATTRIBUTE, outcome);
    assertEquals(420, errorAnswer().errorCode());
    assertEquals(Optional.empty(), agent.selectedPath());
  }

  @Test
  void acceptsACheckWithoutFingerprint() {
    int length =
        new StunWriter()
            .begin(request, 0, StunMessage.BINDING_REQUEST, new byte[12])
            .username(local.usernameFragment() + ":peer")
            .messageIntegrity(new StunIntegrity(local.password()))
            .length();
    assertTrue(message.wrap(request, 0, length));
    assertEquals(IceOutcome.VERIFIED, agent.verify(message));
  }

  @Test
  void makesCredentialsThatFitSdp() {
    List<IceCredentials> made = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      IceCredentials credentials = IceCredentials.generate(random);
      assertTrue(credentials.usernameFragment().matches("[A-Za-z0-9+/]{8}"));
      assertTrue(credentials.password().matches("[A-Za-z0-9+/]{24}"));
      assertFalse(made.contains(credentials));
      assertFalse(credentials.toString().contains(credentials.password()));
      made.add(credentials);
    }
    assertNotEquals(made.get(0).fragmentKey(), made.get(1).fragmentKey());
  }

  private IceOutcome check(IcePath from, long nowNanos, boolean nominates) {
    return check(local, from, nowNanos, nominates, _ -> {});
  }

  private IceOutcome check(
      IceCredentials credentials,
      IcePath from,
      long nowNanos,
      boolean nominates,
      Consumer<StunWriter> more) {
    IceOutcome verified =
        verify(
            credentials,
            credentials.password(),
            w -> {
              if (nominates) {
                w.attribute(StunAttribute.USE_CANDIDATE, new byte[0]);
              }
              more.accept(w);
            });
    assertEquals(IceOutcome.VERIFIED, verified);
    IceOutcome outcome = agent.onVerifiedRequest(message, from, nowNanos, response, 4);
    assertTrue(outcome.isAnswered());
    return outcome;
  }

  private IceOutcome verify(
      IceCredentials credentials, String password, Consumer<StunWriter> more) {
    byte[] transactionId = new byte[12];
    random.nextBytes(transactionId);
    StunWriter writer =
        new StunWriter()
            .begin(request, 0, StunMessage.BINDING_REQUEST, transactionId)
            .username(credentials.usernameFragment() + ":peer")
            .attribute(StunAttribute.PRIORITY, new byte[] {1, 2, 3, 4});
    more.accept(writer);
    int length = writer.messageIntegrity(new StunIntegrity(password)).fingerprint().length();
    assertTrue(message.wrap(request, 0, length));
    return agent.verify(message);
  }

  @Test
  void mediaMovesThePathOnlyOnceTheSelectedOneIsSilent() {
    long silence = IceLiteAgent.MEDIA_STALE_NANOS;
    check(HOME, START, true);
    assertFalse(agent.onMedia(HOME, START + SECOND));
    assertFalse(agent.onMedia(CAFE, START + SECOND + silence - 1), "packets overtake each other");
    assertTrue(agent.onMedia(CAFE, START + SECOND + silence));
    assertEquals(Optional.of(CAFE), agent.selectedPath());
    assertFalse(agent.onMedia(CAFE, START + SECOND + 2 * silence));
  }

  @Test
  void mediaDoesNotProlongConsent() {
    check(HOME, START, true);
    assertFalse(agent.onMedia(HOME, START + 29 * SECOND));
    assertTrue(agent.isConsentExpired(START + 30 * SECOND));
  }

  @Test
  void theSamePeerAtAnotherAddressOfOursIsAnotherPath() {
    IcePath atHome = () -> HOME.inet();
    IcePath atOffice = () -> HOME.inet();
    check(atHome, START, true);
    assertEquals(IceOutcome.PATH_SELECTED, check(atOffice, START + SECOND, true));
    assertEquals(Optional.of(atOffice), agent.selectedPath());
  }

  /// The response, which must be to the request before it.
  private StunMessage answer() {
    StunMessage answer = new StunMessage();
    assertTrue(answer.wrap(response, 4, agent.responseLength()));
    for (int i = 8; i < 20; i++) {
      assertEquals(request.bytes().get(i), response.bytes().get(4 + i));
    }
    return answer;
  }

  private StunMessage errorAnswer() {
    StunMessage answer = answer();
    assertEquals(StunMessage.BINDING_ERROR_RESPONSE, answer.type());
    assertTrue(answer.isFingerprintValid());
    assertTrue(new StunIntegrity(local.password()).isValid(answer));
    return answer;
  }
}
