package io.belfry.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class MainTest {
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
  void unknownCommandIsMisuse() {
    assertEquals(2, run("fly"));
  }

  private int run(String... arguments) {
    return Main.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
        .execute(arguments);
  }
}
