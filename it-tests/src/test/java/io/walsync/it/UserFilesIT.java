package io.walsync.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.walsync.it.harness.Application;
import io.walsync.it.harness.DirectoryReplica;
import io.walsync.it.harness.ForkedJvm;
import io.walsync.it.harness.LedgerContent;
import io.walsync.it.harness.RestoreCommand;
import io.walsync.testkit.AgentYaml;
import io.walsync.testkit.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What users have: files of older versions, private databases, links, folders with any name. */
final class UserFilesIT {

  @TempDir Path folder;
  private Path database;
  private Path configFile;

  @BeforeEach
  void place() throws IOException {
    database = Files.createDirectory(folder.resolve("app")).resolve("app.db");
    configFile = folder.resolve("walsync.yml");
  }

  private void runAndInsert(Path config) {
    try (ForkedJvm app = Application.replicated(database, config)) {
      app.ask("open");
      app.ask("create");
      app.ask("insert 20");
      app.ask("close");
      app.exit();
    }
  }

  @Test
  void aFileOfAnOlderLitestreamReplicatesWithOneWarningForEachOldKey() throws IOException {
    Files.writeString(
        configFile,
        String.join(
            "\n",
            "x-defaults: &defaults",
            "  sync-interval: 100ms",
            "  retention: 168h",
            "dbs:",
            "  - path: " + database,
            "    max-checkpoint-page-count: 10000",
            "    replicas:",
            "      - <<: *defaults",
            "        path: " + folder.resolve("my replica") + "/",
            "        snapshot-interval: 24h",
            "        colour: red",
            ""));
    runAndInsert(configFile);
    Command.Outcome checked =
        RestoreCommand.cli(Map.of(), "databases", "-config", configFile.toString());
    assertThat(checked.exitCode()).isZero();
    assertThat(checked.stderr().lines().filter(line -> line.startsWith("walsync: WARN: line ")))
        .hasSize(5);
    Path output = folder.resolve("out.db");
    Command.Outcome restored =
        RestoreCommand.cli(
            Map.of(), "restore", "-o", output.toString(), folder.resolve("my replica").toString());
    assertThat(restored.exitCode()).as(restored.stderr()).isZero();
    LedgerContent.of(output).isTheSameAs(LedgerContent.of(database));
  }

  @Test
  void pagesOfAPrivateDatabaseAreForNobodyElse() throws IOException {
    assumeTrue(folder.getFileSystem().supportedFileAttributeViews().contains("posix"));
    Path replica = folder.resolve("replica");
    Path config = AgentYaml.of(database, new DirectoryReplica(replica)).writeTo(configFile);
    try (ForkedJvm app = Application.plain(database)) {
      app.ask("open");
      app.ask("create");
      app.ask("close");
      app.exit();
    }
    Files.setPosixFilePermissions(database, PosixFilePermissions.fromString("rw-------"));
    try (ForkedJvm app = Application.replicated(database, config)) {
      app.ask("open");
      app.ask("insert 20");
      app.ask("close");
      app.exit();
    }
    try (Stream<Path> ours =
        Stream.concat(
            Files.walk(replica), Files.walk(database.resolveSibling(".app.db-walsync")))) {
      assertThat(ours)
          .hasSizeGreaterThan(8)
          .allSatisfy(
              path ->
                  assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                      .endsWith("------"));
    }
    Files.setPosixFilePermissions(database, PosixFilePermissions.fromString("rw-r-----"));
    assertThat(RestoreCommand.of(database, config).option("-force").to(database).exitCode())
        .isZero();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(database)))
        .isEqualTo("rw-r-----");
  }

  @Test
  void aRestoreThroughALinkWritesTheFileThatItLeadsTo() throws IOException {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    Files.createSymbolicLink(database, disk.resolve("real.db"));
    Path config =
        AgentYaml.of(database, new DirectoryReplica(folder.resolve("replica"))).writeTo(configFile);
    runAndInsert(config);
    LedgerContent before = LedgerContent.of(database);
    for (String suffix : new String[] {"", "-wal", "-shm"}) {
      Files.deleteIfExists(disk.resolve("real.db" + suffix));
    }
    Command.Outcome restored = RestoreCommand.of(database, config).to(database);
    assertThat(restored.exitCode()).as(restored.stderr()).isZero();
    assertThat(database).isSymbolicLink();
    assertThat(disk.resolve("real.db")).isRegularFile();
    LedgerContent.of(database).isTheSameAs(before);
  }
}
