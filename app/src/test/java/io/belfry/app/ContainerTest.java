package io.belfry.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;

/// Goal: the Java runtime of the container image has every module that our own code uses. Method:
/// jdeps over the classes, against the list in docker/Dockerfile.
final class ContainerTest {
  private static final Pattern ADDED = Pattern.compile("--add-modules (\\S+)");
  private static final Pattern OWN =
      Pattern.compile(
          ".*(belfry-[^/]*\\.jar|(app|common|config|http|link|load|sfu|signalling)/target/classes)");

  @Test
  void theImagesJavaHasTheModulesThatOurCodeUses() throws Exception {
    Set<String> there = new TreeSet<>();
    Matcher added = ADDED.matcher(Files.readString(Path.of("../docker/Dockerfile")));
    while (added.find()) {
      there.addAll(Arrays.asList(added.group(1).split(",", -1)));
    }
    List<String> classPath =
        Arrays.asList(System.getProperty("java.class.path").split(File.pathSeparator, -1));
    TreeSet<String> needed = new TreeSet<>();
    for (String own : classPath) {
      if (OWN.matcher(own).matches()) {
        needed.addAll(modulesOf(own));
      }
    }
    assertEquals(true, needed.contains("java.net.http"), needed::toString);
    needed.removeAll(there);
    assertEquals(Set.of(), needed);
  }

  private static List<String> modulesOf(String classes) {
    StringWriter out = new StringWriter();
    int status =
        ToolProvider.findFirst("jdeps")
            .orElseThrow()
            .run(
                new PrintWriter(out),
                new PrintWriter(out),
                "--ignore-missing-deps",
                "--multi-release=25",
                "--print-module-deps",
                classes);
    assertEquals(0, status, out::toString);
    return Arrays.asList(out.toString().strip().split(",", -1));
  }
}
