package io.walsync.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.db.staging.Recovery;
import io.walsync.db.staging.Staging;
import io.walsync.io.Disk;
import io.walsync.ltx.Txid;
import io.walsync.restore.RestoredState;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabasesCommandTest {

  @TempDir Path temporary;
  private Path folder;
  private Shell shell;

  @BeforeEach
  void create() throws Exception {
    folder = temporary.toRealPath();
    shell = new Shell(folder);
    Files.createDirectories(folder.resolve("many/eu"));
    database("wal.db", "wal");
    database("old.db", "delete");
    database("many/a.db", "wal");
    database("many/eu/b.db", "delete");
    Files.writeString(folder.resolve("many/not.db"), "text");
    Files.writeString(folder.resolve("text.db"), "text".repeat(100));
    Files.createFile(folder.resolve("empty.db"));
    Files.writeString(
        folder.resolve("c.yml"),
        """
        dbs:
          - {path: DIR/wal.db, replica: {url: "s3://b/wal?endpoint=h.com"}}
          - {path: DIR/old.db, replica: {path: DIR/r/old}}
          - {path: DIR/missing.db, replica: {path: DIR/r/missing}}
          - {path: DIR/text.db, replica: {path: DIR/r/text}}
          - {path: DIR/empty.db, replica: {path: DIR/r/empty}}
          - {path: DIR/many, replica: {path: DIR/r/folder}}
          - {path: DIR/many/a.db, replica: {path: DIR/r/a}}
          - {dir: DIR/many, pattern: "*.db", recursive: true, replica: {path: DIR/r/many}}
          - {path: "DIR/nowhere/*", replica: {path: DIR/r/nowhere}}
        """
            .replace("DIR", folder.toString()));
  }

  private void database(String name, String journalMode) throws Exception {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve(name));
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode=" + journalMode);
      statement.execute("CREATE TABLE t(x)");
    }
  }

  @Test
  void everyEntryIsListedWithItsStateOnDisk() {
    Shell.Outcome outcome = shell.run("databases", "-config", folder.resolve("c.yml").toString());

    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.out().lines().map(line -> line.replaceAll(" +", " ")))
        .filteredOn(line -> !line.startsWith("many "))
        .containsExactly(
            "path journal size replica",
            "wal.db wal 8192 s3://b/wal",
            "old.db rollback 8192 file://r/old",
            "missing.db missing - file://r/missing",
            "text.db not a database 400 file://r/text",
            "empty.db empty 0 file://r/empty",
            "many/a.db wal 8192 file://r/a",
            "many/**/*.db - - file://r/many/*",
            "many/eu/b.db rollback 8192 file://r/many/eu/b.db",
            "nowhere/* - - file://r/nowhere/*");
    assertThat(outcome.out()).containsPattern("many +not a file +[0-9]+ +file://r/folder\n");
  }

  @Test
  void theListIsPrintedAsJson() {
    Shell.Outcome outcome =
        shell.run("databases", "-json", "-config", folder.resolve("c.yml").toString());

    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.out())
        .startsWith(
            """
            [
              {
                "path": "wal.db",
                "pattern": "wal.db",
                "exists": true,
                "state": "wal",
                "journal_mode": "wal",
                "size": 8192,
                "replica": "s3://b/wal",
                "refused": null
              },
            """)
        .contains(
            """
              {
                "path": "missing.db",
                "pattern": "missing.db",
                "exists": false,
                "state": "missing",
                "journal_mode": null,
                "size": 0,
                "replica": "file://r/missing",
                "refused": null
              },
            """)
        .contains("\"path\": \"many/eu/b.db\",\n    \"pattern\": \"many/**/*.db\",\n")
        .doesNotContain("nowhere");
  }

  @Test
  void aDatabaseThatTheAgentRefusesIsShownWithTheReason() throws Exception {
    String url = "file://" + folder.resolve("r/old");
    try (Staging staging = Staging.open(Disk.REAL, folder.resolve(".old.db-walsync").toFile())) {
      staging.refusal().write(url, 0, "it is behind");
    }
    try (Staging staging = Staging.open(Disk.REAL, folder.resolve(".wal.db-walsync").toFile())) {
      staging.refusal().write("s3://b/former", 0, "that was another replica");
    }
    String config = folder.resolve("c.yml").toString();

    Shell.Outcome table = shell.run("databases", "-config", config);
    assertThat(table.out())
        .endsWith("\n\nold.db: not replicated to file://r/old: it is behind\n")
        .doesNotContain("another replica");
    assertThat(table.exitCode()).isEqualTo(ExitCode.NOT_REPLICATED);
    Shell.Outcome json = shell.run("databases", "-json", "-config", config);
    assertThat(json.out()).containsOnlyOnce("\"refused\": \"it is behind\"");
    assertThat(json.exitCode()).isEqualTo(ExitCode.NOT_REPLICATED);
  }

  @Test
  void aRestoreIsMentionedUntilTheNextStartHasDecided() throws Exception {
    String url = "file://" + folder.resolve("r/old");
    String config = folder.resolve("c.yml").toString();
    File refused = folder.resolve(".old.db-walsync/refused").toFile();
    try (Staging staging = Staging.open(Disk.REAL, refused.getParentFile())) {
      staging.refusal().write(url, 0, "it is behind");
      new RestoredState(url, Txid.of(3), 100, 4096, 7).write(folder.resolve("old.db").toFile());
      assertThat(refused.setLastModified(System.currentTimeMillis() - 60_000)).isTrue();
      assertThat(shell.run("databases", "-config", config).out())
          .contains("restored since it was refused")
          .endsWith("; it is behind\n");

      File note = folder.resolve(".old.db-walsync-restored").toFile();
      assertThat(note.setLastModified(System.currentTimeMillis() - 30_000)).isTrue();
      staging.refusal().stands();
      assertThat(shell.run("databases", "-config", config).out())
          .endsWith("\n\nold.db: not replicated to file://r/old: it is behind\n");
    }
  }

  @Test
  void aDatabaseThatIsFencedIsShownWithSinceWhenAndWhy() throws Exception {
    String url = "file://" + folder.resolve("r/old");
    try (Staging staging = Staging.open(Disk.REAL, folder.resolve(".old.db-walsync").toFile())) {
      staging.fence().write(url, 1_700_000_000_000L, "fenced: somebody else's file");
    }
    try (Staging staging = Staging.open(Disk.REAL, folder.resolve(".wal.db-walsync").toFile())) {
      staging.fence().write("s3://b/former", 0, "fenced from another replica");
    }
    assertThat(shell.run("databases", "-config", folder.resolve("c.yml").toString()).out())
        .endsWith(
            "\n\nold.db: not replicated to file://r/old: since 2023-11-14T22:13:20.000Z,"
                + " fenced: somebody else's file\n")
        .doesNotContain("another replica");
    try (Staging staging = Staging.open(Disk.REAL, folder.resolve(".old.db-walsync").toFile())) {
      new Recovery(Disk.REAL, staging, url, Long.MAX_VALUE).run();
      staging.fence().write(url, 1_800_000_000_000L, "fenced: anew at the next start");
      assertThat(staging.fence().reason(url))
          .as("since it was first fenced")
          .isEqualTo("since 2023-11-14T22:13:20.000Z, fenced: anew at the next start");
      staging.fence().delete();
    }
  }

  @Test
  void warningsOfTheConfigurationAreShown() throws Exception {
    Path config =
        Files.writeString(
            folder.resolve("w.yml"), "addr: x\ndbs: [{path: /a.db, replica: {path: /r}}]\n");

    assertThat(shell.run("databases", "-config", config.toString()).err())
        .isEqualTo(
            "walsync: WARN: line 1: addr: is none of 9090, :9090, host:9090; no metrics are served\n");
  }

  @Test
  void everyErrorOfAConfigurationIsALine() throws Exception {
    Path config = Files.writeString(folder.resolve("w.yml"), "dbz: []\nloging: {}\n");
    Shell.Outcome outcome = shell.run("databases", "-config", config.toString());
    assertThat(outcome.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(outcome.err())
        .isEqualTo(
            "walsync: w.yml:1:1: dbz: unknown key; did you mean `dbs`?\n"
                + "walsync: w.yml:2:1: loging: unknown key; did you mean `logging`?\n");
  }

  @Test
  void aWrongConfigurationIsExitCode2() throws Exception {
    Path config = Files.writeString(folder.resolve("w.yml"), "dbz: []\n");
    Shell.Outcome outcome = shell.run("databases", "-config", config.toString());

    assertThat(outcome.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(outcome.err())
        .isEqualTo("walsync: w.yml:1:1: dbz: unknown key; did you mean `dbs`?\n");
  }
}
