package io.belfry.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.belfry.common.token.CallTokenSigner;
import io.belfry.common.token.CallTokenVerifier;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
  @TempDir private Path data;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void configShowsWhatIsInEffectAndWhereItCameFrom() {
    assertEquals(0, run("config", "--set", "belfry.http.port=9090"));
    assertTrue(out.toString().contains("belfry.http.port = 9090  # command line"), out::toString);
    assertTrue(out.toString().contains("belfry.log.level = info  # default"), out::toString);
  }

  @Test
  void configShowsOnlyWhatWasChangedIfAsked() {
    assertEquals(0, run("config", "--changed", "--set", "belfry.http.port=9090"));
    assertEquals("belfry.http.port = 9090  # command line", out.toString().strip());
  }

  @Test
  void referenceIsTheFileOfDefaults() {
    assertEquals(0, run("config", "--reference"));
    assertTrue(out.toString().startsWith("# Every setting of Belfry"), out::toString);
  }

  @Test
  void wrongSettingsAreToldInWordsWithoutAStackTrace() {
    assertEquals(
        1, run("config", "--set", "belfry.http.port=x", "--set", "belfry.log.levle=debug"));
    assertTrue(
        err.toString().contains("belfry.http.port = \"x\" (command line): must be a whole number"),
        err::toString);
    assertTrue(err.toString().contains("did you mean belfry.log.level?"), err::toString);
    assertTrue(!err.toString().contains("\tat "), err::toString);
  }

  @Test
  void tokensAreForAsManyUsersAsAskedOfTheKeyThatIsThere() throws Exception {
    CallTokenSigner signer = CallTokenSigner.generate();
    Files.writeString(data.resolve("call-token-key.json"), signer.toPrivateJwk());
    assertEquals(
        0, run("token", "--session", "s", "--user", "u", "--count", "2", "--set", directory()));
    CallTokenVerifier verifier = new CallTokenVerifier(signer.toPublicJwks());
    List<String> uids = new ArrayList<>();
    for (String line : out.toString().lines().toList()) {
      var accepted =
          assertInstanceOf(
              CallTokenVerifier.Result.Accepted.class, verifier.verify(line, Instant.now()));
      assertTrue(accepted.token().mayOpen());
      assertTrue(accepted.token().mayPublish() && accepted.token().maySubscribe());
      uids.add(accepted.token().uid());
    }
    assertEquals(List.of("u-1", "u-2"), uids);
  }

  @Test
  void withoutAKeyThereIsNoToken() {
    assertEquals(1, run("token", "--session", "s", "--user", "u", "--set", directory()));
    assertTrue(err.toString().contains("there is no key to sign with"), err::toString);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--session a/b --user u",
        "--session s",
        "--session s --user u --count 0",
        "--session s --user u --watch-only --publish-only",
        "--session s --user u --lifetime PT0S",
      })
  void aTokenForNothingIsMisuse(String options) {
    assertEquals(2, run(("token " + options).split(" ", -1)));
  }

  private String directory() {
    return "belfry.dataDirectory=" + data;
  }

  @Test
  void unknownCommandIsMisuse() {
    assertEquals(2, run("fly"));
  }

  private int run(String... arguments) {
    return Main.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
        .execute(arguments);
  }
}
