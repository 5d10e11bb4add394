package io.belfry.common.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.belfry.common.id.SessionId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallTokenTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final CallTokenSigner SIGNER = CallTokenSigner.generate();
  private static final CallToken TOKEN =
      new CallToken(
          new SessionId("v1.eu.belfry.1"), "anna", "Anna", null, true, false, NOW.plusSeconds(60));

  private final CallTokenVerifier verifier = new CallTokenVerifier(SIGNER.toPublicJwks());

  private String codeOf(String compact, Instant at) {
    return assertInstanceOf(
            CallTokenVerifier.Result.Refused.class, verifier.verify(compact, at), compact)
        .code();
  }

  @Test
  void carriesItsGrantsUnchanged() {
    CallTokenVerifier.Result result = verifier.verify(SIGNER.sign(TOKEN, NOW), NOW);
    assertEquals(new CallTokenVerifier.Result.Accepted(TOKEN), result);
  }

  @Test
  void aGrantOfGuestsIsNoCallTokenNorACallTokenAGrant() {
    GuestGrant grant = new GuestGrant(TOKEN.sessionId(), "anna", NOW.plusSeconds(60));
    String compact = SIGNER.sign(grant, NOW);
    assertEquals(Optional.of(grant), verifier.verifyGrant(compact, NOW.plusMillis(59_999)));
    assertEquals(Optional.empty(), verifier.verifyGrant(compact, NOW.plusSeconds(60)));
    assertEquals("ERR_TOKEN_MALFORMED", codeOf(compact, NOW));
    assertEquals(Optional.empty(), verifier.verifyGrant(SIGNER.sign(TOKEN, NOW), NOW));
    String foreign = CallTokenSigner.generate().sign(grant, NOW);
    assertEquals(Optional.empty(), verifier.verifyGrant(foreign, NOW));
  }

  @Test
  void expiresToTheInstant() {
    String compact = SIGNER.sign(TOKEN, NOW);
    assertInstanceOf(
        CallTokenVerifier.Result.Accepted.class, verifier.verify(compact, NOW.plusMillis(59_999)));
    assertEquals("ERR_TOKEN_EXPIRED", codeOf(compact, NOW.plusSeconds(60)));
  }

  @Test
  void anotherKeyIsRefused() {
    String foreign = CallTokenSigner.generate().sign(TOKEN, NOW);
    assertEquals("ERR_TOKEN_SIGNATURE", codeOf(foreign, NOW));
  }

  @Test
  void aChangedClaimIsRefused() {
    String[] parts = SIGNER.sign(TOKEN, NOW).split("\\.", -1);
    String claims = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
    String changed = claims.replace("\"anna\"", "\"mallory\"");
    assertFalse(changed.equals(claims));
    String forged = parts[0] + "." + base64(changed) + "." + parts[2];
    assertEquals("ERR_TOKEN_SIGNATURE", codeOf(forged, NOW));
  }

  /// RFC 8725 §2.1: the classic forgeries name another algorithm in the header.
  @ParameterizedTest
  @ValueSource(strings = {"none", "HS256", "RS512"})
  void onlyRs256IsTaken(String algorithm) {
    String[] parts = SIGNER.sign(TOKEN, NOW).split("\\.", -1);
    String header = base64("{\"alg\":\"" + algorithm + "\",\"typ\":\"JWT\"}");
    String code = codeOf(header + "." + parts[1] + "." + parts[2], NOW);
    assertTrue(code.equals("ERR_TOKEN_SIGNATURE") || code.equals("ERR_TOKEN_MALFORMED"), code);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "a.b.c", "eyJhbGciOiJSUzI1NiJ9..", "...."})
  void whatIsNoTokenIsRefusedWithoutAThrow(String text) {
    assertEquals("ERR_TOKEN_MALFORMED", codeOf(text, NOW));
  }

  @Test
  void theKeySurvivesBeingStored() {
    CallTokenSigner again = CallTokenSigner.fromPrivateJwk(SIGNER.toPrivateJwk());
    assertInstanceOf(
        CallTokenVerifier.Result.Accepted.class, verifier.verify(again.sign(TOKEN, NOW), NOW));
    assertThrows(
        IllegalArgumentException.class, () -> CallTokenSigner.fromPrivateJwk("{\"kty\":\"RSA\"}"));
  }

  @Test
  void nothingPrivateIsPublished() {
    assertFalse(SIGNER.toPublicJwks().contains("\"d\""));
    assertTrue(SIGNER.toPublicJwks().contains("\"kid\""));
  }

  private static String base64(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
