package io.walsync.it.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.it.harness.Application;
import io.walsync.it.harness.DatabaseContent;
import io.walsync.it.harness.DirectoryReplica;
import io.walsync.it.harness.ForkedJvm;
import io.walsync.it.harness.Jdk;
import io.walsync.testkit.AgentYaml;
import io.walsync.testkit.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script that starts the command line quickly, and is the agent's jar at the same time. */
class LauncherIT {

  /** The first on which the JVM takes an archive of an application's classes. */
  private static final int FIRST_WITH_ARCHIVES = 11;

  private static final int NO_BACKUP = 3;

  @TempDir private Path folder;
  private Path launcher;
  private Path cache;
  private Path database;
  private Path replica;

  @BeforeEach
  void writeDatabaseWithTheLauncherAsAgent() throws Exception {
    Path home = Files.createDirectory(folder.resolve("a folder"));
    launcher = home.resolve("walsync");
    Files.copy(
        Packed.jar().resolveSibling("walsync"), launcher, StandardCopyOption.COPY_ATTRIBUTES);
    cache = folder.resolve("cache");
    database = folder.resolve("app.db");
    replica = folder.resolve("replica");
    Path config =
        AgentYaml.of(database, new DirectoryReplica(replica))
            .writeTo(folder.resolve("walsync.yml"));
    try (ForkedJvm app =
        Application.builder(database).option("-javaagent:" + launcher + "=" + config).start()) {
      app.ask("open");
      app.ask("create");
      app.ask("insert 20 2000");
      app.ask("close");
      app.exit();
    }
  }

  private Command.Outcome run(Map<String, String> environment, String... arguments) {
    List<String> command = new ArrayList<>(List.of(launcher.toString()));
    command.addAll(List.of(arguments));
    Map<String, String> all = new HashMap<>(Map.of("WALSYNC_CACHE", cache.toString()));
    all.putAll(environment);
    return Command.run(command, all, "");
  }

  private String[] restore(Path target) {
    return new String[] {"restore", "-o", target.toString(), replica.toUri().toString()};
  }

  private void assertRestores(Map<String, String> environment, String what) throws Exception {
    Path target = folder.resolve("restored.db");
    Files.deleteIfExists(target);
    Command.Outcome outcome = run(environment, restore(target)).succeeded();
    assertThat(outcome.stderr()).as(what).isEmpty();
    assertThat(outcome.stdout()).as(what).startsWith("restored ").hasLineCount(1);
    DatabaseContent.sameBytes(database, target);
  }

  private List<String> cached(String suffix) throws IOException {
    if (!Files.exists(cache)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(cache)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(suffix))
          .collect(Collectors.toList());
    }
  }

  @Test
  void eachJavaStartsFromAnArchiveOfItsOwnFromTheSecondRunOn() throws Exception {
    int archives = 0;
    for (Jdk jdk : Jdk.all()) {
      Map<String, String> java = Map.of("JAVA_HOME", jdk.home().toString());
      Map<String, String> first = new HashMap<>(java);
      first.put("WALSYNC_PREPARE", "1");
      assertRestores(first, jdk + ", first run");
      archives += jdk.feature() >= FIRST_WITH_ARCHIVES ? 1 : 0;
      assertThat(cached(".jsa")).as(jdk.toString()).hasSize(archives);
      assertRestores(java, jdk + ", second run");
      assertThat(run(java, "restore", "file:///" + folder + "/nothing", "-o", "x").exitCode())
          .isEqualTo(NO_BACKUP);
    }
    assertThat(cached(".jar")).hasSize(1);
    assertThat(cached(".list")).isEmpty();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(cache)))
        .isEqualTo("rwx------");
  }

  @Test
  void theArchiveHoldsTheCommandLine() throws Exception {
    assertRestores(Map.of("WALSYNC_PREPARE", "1"), "first run");
    Command.Outcome outcome =
        run(
            Map.of("WALSYNC_JAVA_OPTS", "-Xlog:class+load:file=" + folder + "/loaded.txt"),
            restore(folder.resolve("other.db")));
    outcome.succeeded();
    assertThat(Files.readString(folder.resolve("loaded.txt")))
        .contains("io.walsync.cli.Main source: shared objects file");
  }

  @Test
  void itRunsWithoutACache() throws Exception {
    assertRestores(Map.of("WALSYNC_CACHE", "off"), "switched off");
    Map<String, String> nowhere =
        Map.of("WALSYNC_CACHE", "", "XDG_CACHE_HOME", "", "HOME", "/proc/nowhere");
    assertRestores(nowhere, "a folder that cannot be made");
    Files.writeString(cache, "no folder");
    assertRestores(Map.of(), "a file in its place");
    assertThat(Files.readString(cache)).isEqualTo("no folder");
  }

  @Test
  void whatIsDamagedInTheCacheIsNotInTheWay() throws Exception {
    assertRestores(Map.of("WALSYNC_PREPARE", "1"), "first run");
    Path archive = cache.resolve(cached(".jsa").get(0));
    Files.delete(archive);
    Files.writeString(archive, "no archive");
    assertRestores(Map.of(), "an archive of something else");
    Files.delete(archive);
    Files.setPosixFilePermissions(cache, PosixFilePermissions.fromString("r-x------"));
    try {
      assertRestores(Map.of(), "a cache that cannot be written");
    } finally {
      Files.setPosixFilePermissions(cache, PosixFilePermissions.fromString("rwx------"));
    }
  }

  @Test
  void exitCodesAndArgumentsAreThoseOfTheJar() {
    assertThat(run(Map.of(), "restore").exitCode()).isEqualTo(2);
    assertThat(run(Map.of(), "no-such-command").exitCode()).isEqualTo(2);
    assertThat(run(Map.of(), "--version").succeeded().stdout()).startsWith("walsync ");
    assertThat(run(Map.of(), "version").succeeded().stdout()).startsWith("walsync ");
    assertThat(run(Map.of(), "timeline", replica.toUri().toString()).succeeded().stdout())
        .contains("snapshots: 1");
    assertThat(run(Map.of("JAVA_HOME", folder + "/no java"), "version").exitCode()).isNotZero();
  }
}
