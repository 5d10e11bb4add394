package io.belfry.app;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.time.Instant;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The dependency rule: `node wiring → net|http|ws → session|route → protocol packages → common`.
/// Each package is named by itself, so that one that is renamed or gone fails here.
class LayeringTest {
  private static final String NETTY = "io.netty..";

  private static JavaClasses all;

  @BeforeAll
  static void readClasses() {
    all =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.belfry");
  }

  /// Time, randomness and bytes come into these as arguments.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "io.belfry.sfu.demux",
        "io.belfry.sfu.stun",
        "io.belfry.sfu.ice",
        "io.belfry.sfu.rtp",
        "io.belfry.sfu.rtcp",
        "io.belfry.sfu.sdp",
        "io.belfry.sfu.srtp",
        "io.belfry.sfu.repair",
        "io.belfry.sfu.rewrite",
        "io.belfry.sfu.route",
        "io.belfry.signalling.ring",
        "io.belfry.signalling.auth",
      })
  void coresDoNoInputOutputAndReadNoClock(String core) {
    noClasses()
        .that()
        .resideInAPackage(core + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(NETTY, "java.nio.channels..", "java.net.http..")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(Clock.class, "systemUTC")
        .orShould()
        .callMethod(Thread.class, "sleep", long.class)
        .check(all);
  }

  /// Protocol packages use each other downward only.
  @ParameterizedTest
  @CsvSource({
    "demux,   ''",
    "stun,    ''",
    "ice,     stun",
    "rtp,     ''",
    "rtcp,    rtp",
    "sdp,     rtp",
    "srtp,    ''",
    "repair,  'rtp rtcp'",
    "rewrite, rtp",
    "route,   'rtp rtcp repair rewrite control'",
    "dtls,    srtp",
  })
  void protocolPackagesUseEachOtherDownwardOnly(String name, String allowed) {
    String here = "io.belfry.sfu." + name;
    DescribedPredicate<JavaClass> mayUse = resideInAPackage(here + "..");
    for (String lower : allowed.split(" ", -1)) {
      if (!lower.isEmpty()) {
        mayUse = mayUse.or(resideInAPackage("io.belfry.sfu." + lower + ".."));
      }
    }
    noClasses()
        .that()
        .resideInAPackage(here + "..")
        .should()
        .dependOnClassesThat(
            resideInAPackage("io.belfry.sfu..").and(DescribedPredicate.not(mayUse)))
        .check(all);
  }

  @Test
  void nettyIsTheBusinessOfTheShellsOnly() {
    noClasses()
        .that()
        .resideOutsideOfPackages("io.belfry.http..", "io.belfry.sfu.net..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(NETTY)
        .check(all);
  }

  /// The modules' walls are Maven's; this one says them in one place.
  @ParameterizedTest
  @CsvSource({
    "common,     ''",
    "config,     ''",
    "http,       'common config'",
    "sfu,        'common config http'",
    "signalling, 'common config http'",
    "link,       common",
    "load,       'common sfu'",
  })
  void modulesSeeOnlyThoseBelow(String module, String allowed) {
    String[] below = allowed.isEmpty() ? new String[0] : allowed.split(" ", -1);
    String[] packages = new String[below.length + 1];
    packages[below.length] = "io.belfry." + module + "..";
    for (int i = 0; i < below.length; i++) {
      packages[i] = "io.belfry." + below[i] + "..";
    }
    noClasses()
        .that()
        .resideInAPackage("io.belfry." + module + "..")
        .should()
        .dependOnClassesThat(
            resideInAPackage("io.belfry..")
                .and(DescribedPredicate.not(resideInAnyPackage(packages))))
        .check(all);
  }

  /// A package and those inside it count as one.
  @ParameterizedTest
  @ValueSource(strings = {"io.belfry.sfu.(*)..", "io.belfry.signalling.(*)..", "io.belfry.(*).."})
  void packagesFormNoCycle(String slices) {
    slices().matching(slices).should().beFreeOfCycles().check(all);
  }

  @Test
  void onlyTheConfigModuleAndTheCommandSeeTheEnvironment() {
    noClasses()
        .that()
        .resideOutsideOfPackages("io.belfry.config..", "io.belfry.app..")
        .should()
        .callMethod(System.class, "getenv")
        .orShould()
        .callMethod(System.class, "getenv", String.class)
        .orShould()
        .callMethod(System.class, "getProperty", String.class)
        .check(all);
  }

  @Test
  void everyPackageSaysWhatItIs() {
    for (JavaClass each : all) {
      boolean hasPackageInfo =
          each.getPackage().getClasses().stream().anyMatch(simpleName("package-info"));
      if (!hasPackageInfo) {
        throw new AssertionError("no package-info.java in " + each.getPackageName());
      }
    }
  }
}
