package io.walsync.it.packaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.walsync.it.harness.Jdk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every event arrives, for every driver version, and nothing is printed but by the program. */
class WovenEventsIT {

  /** Most drivers call System.loadLibrary; the option keeps the JVM from remarking on that. */
  private static final String[] STRICT = {
    "--sun-misc-unsafe-memory-access=deny",
    "--illegal-native-access=deny",
    "--enable-native-access=ALL-UNNAMED"
  };

  private static final int CONSTRAINT = 19;
  private static final int CONSTRAINT_EXTENDED = 1555;

  private static final Set<String> WITH_DESERIALIZE =
      Set.of("3.45.3.0", "3.51.3.0", Drivers.NEWEST);

  @TempDir private Path folder;

  static Stream<String> versions() throws IOException {
    return Drivers.versions().stream();
  }

  @ParameterizedTest
  @MethodSource("versions")
  void everyEventArrives(String version) throws Exception {
    assertEvents(run(Jdk.running(), version), version);
  }

  @ParameterizedTest
  @ValueSource(strings = {Drivers.OLDEST, "3.21.0", Drivers.NEWEST})
  void everyEventArrivesOnJdk25ThatDeniesUnsafeAndNativeAccess(String version) throws Exception {
    Optional<Jdk> jdk = Jdk.find(25);
    assumeThat(jdk).as("a JDK 25 beside the running one or in -Dwalsync.jdks").isPresent();
    assertEvents(run(jdk.get(), version, STRICT), version);
  }

  @Test
  void theDriversCoverBothNamesOfNativeDb() throws Exception {
    assertThat(run(Jdk.running(), Drivers.OLDEST).stdout()).contains(" org.sqlite.NativeDB");
    assertThat(run(Jdk.running(), Drivers.NEWEST).stdout()).contains(" org.sqlite.core.NativeDB");
  }

  private ForkedJava.Outcome run(Jdk jdk, String version, String... options) throws Exception {
    return new ForkedJava(jdk, folder)
        .options(Packed.agentOption())
        .options(options)
        .driver(version)
        .testClasses()
        .main(EventsApp.class, "a.db");
  }

  private void assertEvents(ForkedJava.Outcome outcome, String version) throws IOException {
    assertThat(outcome.foreignErrLines()).isEmpty();
    assertThat(outcome.exitCode()).isZero();
    Map<String, List<String>> events = sections(outcome.outLines());

    String file = folder.toRealPath().resolve("a.db").toString();
    assertThat(events.get("open")).first().asString().startsWith("opened " + file + " org.sqlite.");
    assertThat(events.get("create"))
        .containsSubsequence(
            "beforeCall create table t(x integer primary key)",
            "afterCall create table t(x integer primary key) 0");
    assertThat(events.get("insert"))
        .containsSubsequence(
            "prepared insert into t select 1 union select 2 union select 3",
            "before",
            "after 101",
            "after 0");
    assertThat(events.get("prepared insert"))
        .containsSubsequence("prepared insert into t values (?)", "before", "after 101", "after 0");
    assertThat(events.get("transaction"))
        .containsSubsequence(
            "beforeCall insert into t values (5)",
            "afterCall insert into t values (5) 0",
            "prepared commit;",
            "before",
            "after 101");
    assertThat(events.get("select"))
        .containsSubsequence(
            "prepared select x from t where x <= 3",
            "before",
            "before",
            "before",
            "before",
            "after 101",
            "after 0")
        .containsOnlyOnce("after 101")
        .doesNotContain("after 100");
    assertThat(events.get("constraint"))
        .containsSubsequence("before", "SQLException")
        .anyMatch(line -> line.matches("after (" + CONSTRAINT + "|" + CONSTRAINT_EXTENDED + ")"));
    assertThat(events.get("syntax"))
        .containsSubsequence("beforeCall no sql", "afterCall no sql -1", "SQLException");
    assertThat(events.get("backup")).containsSubsequence("beforeCall backup", "afterCall backup 0");
    assertThat(events.get("restore"))
        .containsSubsequence("beforeCall restore", "afterCall restore 0");
    if (WITH_DESERIALIZE.contains(version)) {
      assertThat(events.get("deserialize"))
          .containsSubsequence("beforeCall deserialize", "afterCall deserialize 0");
    } else {
      assertThat(events.get("deserialize")).containsExactly("not in this version");
    }
    assertThat(events.get("close")).containsSubsequence("beforeCall close", "afterCall close 0");
    assertThat(events.get("end")).containsExactly("faults 0");
  }

  private static Map<String, List<String>> sections(List<String> lines) {
    Map<String, List<String>> sections = new LinkedHashMap<>();
    List<String> current = new ArrayList<>();
    for (String line : lines) {
      if (line.startsWith("# ")) {
        current = new ArrayList<>();
        sections.put(line.substring(2), current);
      } else {
        current.add(line);
      }
    }
    return sections;
  }
}
