package io.belfry.sfu.ice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class IceServersTest {
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  private static final String TURN = "turns:turn.example.org:443?transport=tcp";

  private final IceServers servers =
      new IceServers(
          List.of("stun:stun.example.org", TURN, "stun:192.0.2.1:3479"),
          "north",
          Duration.ofHours(12));

  /// The credential is what OpenSSL computes of the name.
  @Test
  void onlyTurnServersWantALoginAndItEndsByItself() {
    assertEquals(
        List.of(
            new IceServers.Offered(
                List.of("stun:stun.example.org", "stun:192.0.2.1:3479"), Optional.empty()),
            new IceServers.Offered(
                List.of(TURN),
                Optional.of(
                    new IceServers.Login("1767312000:anna", "i5wDMGWtlp3PSlUjpgKef4Nogak=")))),
        servers.offered("anna", NOW));
  }

  @Test
  void eachServerIsALinkOfItsOwn() {
    assertEquals(
        """
        <stun:stun.example.org>; rel="ice-server"
        <stun:192.0.2.1:3479>; rel="ice-server"
        <turns:turn.example.org:443?transport=tcp>; rel="ice-server"; username="1767312000:anna"; \
        credential="i5wDMGWtlp3PSlUjpgKef4Nogak="; credential-type="password\"\
        """,
        servers.links("anna", NOW));
  }

  @Test
  void aUsersNameCannotBreakTheHeader() {
    String links = servers.links("a\"b\r\nc: d\\é", NOW);
    assertEquals(3, links.lines().count());
    assertEquals(1, links.split("username=\"1767312000:a_b__c__d__\";", -1).length - 1, links);
  }

  @Test
  void withoutServersThereIsNothingToSay() {
    assertEquals(List.of(), IceServers.NONE.offered("anna", NOW));
    assertEquals("", IceServers.NONE.links("anna", NOW));
  }

  @Test
  void theSecretIsNotInLogs() {
    assertFalse(servers.toString().contains("north"));
  }
}
