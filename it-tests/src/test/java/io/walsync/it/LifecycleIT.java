package io.walsync.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.walsync.it.app.SqlShell;
import io.walsync.it.harness.Application;
import io.walsync.it.harness.DirectoryReplica;
import io.walsync.it.harness.ForkedJvm;
import io.walsync.it.harness.Recovery;
import io.walsync.it.harness.SqliteCli;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What applications do to database files: close, move, copy, delete, replace, open by other names.
 * Each replica must hold what stands at its path, and no line of another database.
 */
final class LifecycleIT {

  private static final Duration ARRIVAL = Duration.ofSeconds(30);
  private static final String WAL = "PRAGMA journal_mode=wal";

  @TempDir Path temporary;
  private Path folder;
  private Path databases;
  private ForkedJvm app;
  private int lookCount;

  @BeforeEach
  void start() throws IOException {
    folder = temporary.toRealPath();
    databases = Files.createDirectory(folder.resolve("databases"));
    Path config = folder.resolve("walsync.yml");
    Files.writeString(
        config,
        "dbs:\n  - dir: "
            + databases
            + "\n    pattern: '*.db'\n    recursive: true\n    replica:\n      url: file://"
            + folder.resolve("replica")
            + "\n      sync-interval: 20ms\n");
    app =
        ForkedJvm.of(SqlShell.class)
            .classPath(Application.classes(), Application.sqliteJdbc())
            .agent(config)
            .start();
  }

  @AfterEach
  void stop() {
    app.close();
  }

  private Path database(String name) {
    return databases.resolve(name);
  }

  private void open(String connection, Path file, String... properties) {
    app.ask("open " + connection + " jdbc:sqlite:" + file + " " + String.join(" ", properties));
  }

  private String sql(String connection, String statement) {
    return app.ask("sql " + connection + " " + statement);
  }

  private void create(String connection, String content) {
    sql(connection, WAL);
    sql(connection, "CREATE TABLE t(v)");
    insert(connection, content);
  }

  private void insert(String connection, String content) {
    assertThat(sql(connection, "INSERT INTO t VALUES('" + content + "')")).isEmpty();
  }

  /** Waits until the replica of a database restores to these rows. */
  private void replicaHolds(String name, String rows) {
    DirectoryReplica replica = new DirectoryReplica(replica(name));
    Recovery recovery = new Recovery(replica, folder.resolve("restored" + ++lookCount));
    long deadline = System.nanoTime() + ARRIVAL.toNanos();
    long seenTxid = 0;
    String seen = "nothing";
    while (!seen.equals(rows) && System.nanoTime() < deadline) {
      await(name).atMost(ARRIVAL).until(isNewer(replica, seenTxid));
      seenTxid = replica.maxTxid();
      seen = content(recovery.restore());
    }
    assertThat(seen).isEqualTo(rows);
  }

  private static Callable<Boolean> isNewer(DirectoryReplica replica, long txid) {
    return () -> replica.maxTxid() > txid;
  }

  private Path replica(String name) {
    return folder.resolve("replica").resolve(name);
  }

  private static String content(Path file) {
    return SqliteCli.required()
        .run(file, List.of("SELECT group_concat(v, ' ') FROM (SELECT v FROM t ORDER BY rowid);"))
        .succeeded()
        .stdout()
        .trim();
  }

  private static void isAlone(Path file) {
    assertThat(file.resolveSibling(file.getFileName() + "-wal")).doesNotExist();
    assertThat(file.resolveSibling(file.getFileName() + "-shm")).doesNotExist();
  }

  private List<String> log(String level) {
    return app.stderr().stream().filter(line -> line.contains(" " + level + " ")).toList();
  }

  @Test
  void theLastOfManyClosesRemovesTheWalAlsoFromAnotherThreadAndWithOpenStatements()
      throws IOException {
    Path file = database("a.db");
    for (int i = 0; i < 8; i++) {
      open("c" + i, file);
    }
    create("c0", "one");
    // A file that is moved away before the replica was asked for the first time is another's.
    replicaHolds("a.db", "one");
    for (int i = 0; i < 8; i++) {
      insert("c" + i, "r" + i);
      app.ask("unread c" + i + " SELECT * FROM t");
    }
    for (int i = 0; i < 7; i++) {
      app.ask((i % 2 == 0 ? "hand c" : "close c") + i);
      assertThat(file.resolveSibling("a.db-wal")).exists();
    }
    app.ask("hand c7");
    isAlone(file);
    Path moved = Files.move(file, database("b.db"));
    open("b", moved);
    insert("b", "moved");
    app.ask("close b");
    isAlone(moved);
    replicaHolds("a.db", "one r0 r1 r2 r3 r4 r5 r6 r7");
    replicaHolds("b.db", "one r0 r1 r2 r3 r4 r5 r6 r7 moved");
  }

  @Test
  void whatStandsAtAPathIsWhatItsReplicaHolds() throws IOException {
    Path file = database("a.db");
    Path other = folder.resolve("other.db");
    open("o", other);
    create("o", "other");
    app.ask("close o");
    for (int life = 0; life < 3; life++) {
      open("a", file);
      create("a", "life" + life);
      replicaHolds("a.db", "life" + life);
      app.ask("close a");
      Files.delete(file);
    }
    Files.copy(other, file);
    open("a", file);
    replicaHolds("a.db", "other");
    insert("a", "more");
    sql("a", "backup to " + folder.resolve("backup.db"));
    insert("a", "lost");
    sql("a", "restore from " + folder.resolve("backup.db"));
    replicaHolds("a.db", "other more");
    insert("a", "after");
    replicaHolds("a.db", "other more after");
    app.ask("close a");
    Files.copy(other, file, StandardCopyOption.REPLACE_EXISTING);
    open("a", file);
    replicaHolds("a.db", "other");
    insert("a", "again");
    replicaHolds("a.db", "other again");
    assertThat(log("ERROR")).isEmpty();
  }

  @Test
  void shortConnectionsToAReplacedFileAreReplicatedBesideAnOldOneThatStaysOpen()
      throws IOException {
    Path file = database("a.db");
    Path other = database("b.db");
    open("o", other);
    create("o", "other");
    app.ask("close o");
    open("old", file);
    create("old", "first");
    replicaHolds("a.db", "first");
    Files.delete(file);
    Files.deleteIfExists(file.resolveSibling("a.db-wal"));
    Files.deleteIfExists(file.resolveSibling("a.db-shm"));
    Files.move(other, file);
    app.ask("cycle 20 jdbc:sqlite:" + file + " INSERT INTO t VALUES('short')");
    replicaHolds("a.db", "other" + " short".repeat(20));
    app.ask("cycle 1 jdbc:sqlite:" + file + " INSERT INTO t VALUES('last')");
    replicaHolds("a.db", "other" + " short".repeat(20) + " last");
    assertThat(sql("old", "SELECT count(*) FROM t")).isEqualTo("1");
    assertThat(log("ERROR")).isEmpty();
  }

  @Test
  void afterItsFolderWasRenamedADatabaseIsReplicatedAnewOnceTheOldConnectionsAreClosed()
      throws IOException {
    Path folderBefore = Files.createDirectory(database("before"));
    open("old", folderBefore.resolve("a.db"));
    create("old", "first");
    replicaHolds("before/a.db", "first");
    Path folderAfter = database("after");
    Files.move(folderBefore, folderAfter);
    insert("old", "second");
    open("new", folderAfter.resolve("a.db"));
    insert("new", "third");
    await("told").atMost(ARRIVAL).until(() -> !log("ERROR").isEmpty());
    app.ask("close old");
    insert("new", "fourth");
    replicaHolds("after/a.db", "first second third fourth");
    assertThat(log("INFO")).anyMatch(line -> line.contains("no connection under its other name"));
    insert("new", "fifth");
    replicaHolds("after/a.db", "first second third fourth fifth");
  }

  @ParameterizedTest
  @CsvSource({
    "1, CREATE TABLE t(v);INSERT INTO t VALUES(1)",
    "1, PRAGMA journal_mode=wal;CREATE TABLE t(v);INSERT INTO t VALUES(1)",
    "3, PRAGMA journal_mode=wal;CREATE TABLE IF NOT EXISTS t(v);INSERT INTO t VALUES(1)",
  })
  void foldersOfTemporaryDatabasesCanBeDeletedRightAfterTheLastClose(int openCount, String sql)
      throws Exception {
    List<Path> folders = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      Path temporary = database("temporary-" + i);
      folders.add(temporary);
      app.ask("temporary " + openCount + " " + temporary + " " + sql);
    }
    await("none of them comes back")
        .during(Duration.ofSeconds(2))
        .atMost(ARRIVAL)
        .until(() -> folders.stream().noneMatch(Files::exists));
    assertThat(log("WARN")).isEmpty();
    assertThat(log("ERROR")).isEmpty();
  }

  @Test
  void aFileReplacedWhileOpenIsToldOnceAndTheNewOneFollowed() throws IOException {
    Path file = database("a.db");
    Path other = database("b.db");
    open("o", other);
    create("o", "other");
    app.ask("close o");
    open("old", file);
    create("old", "first");
    replicaHolds("a.db", "first");
    Files.delete(file);
    Files.deleteIfExists(file.resolveSibling("a.db-wal"));
    Files.deleteIfExists(file.resolveSibling("a.db-shm"));
    Files.move(other, file);
    insert("old", "unseen");
    await("told").atMost(ARRIVAL).until(() -> !log("WARN").isEmpty());
    open("new", file);
    insert("new", "second");
    replicaHolds("a.db", "other second");
    insert("old", "unseen again");
    insert("new", "third");
    replicaHolds("a.db", "other second third");
    app.ask("close new");
    isAlone(file);
    assertThat(sql("old", "SELECT count(*) FROM t")).isEqualTo("3");
    app.ask("close old");
    open("new", file);
    insert("new", "fourth");
    replicaHolds("a.db", "other second third fourth");
    app.ask("close new");
    isAlone(file);
    assertThat(log("WARN")).hasSize(1);
    assertThat(log("ERROR")).isEmpty();
  }

  @Test
  void linksUrisAndRelativePathsLeadToOneDatabaseAndHardLinksAreRefused() throws IOException {
    Path file = database("a.db");
    Path folderLink = Files.createSymbolicLink(folder.resolve("link"), databases);
    Path fileLink = Files.createSymbolicLink(database("l.db"), file);
    open("plain", file);
    create("plain", "plain");
    open("folder", folderLink.resolve("a.db"));
    insert("folder", "folder");
    open("file", fileLink);
    insert("file", "file");
    open("uri", Path.of("file:" + file + "?cache=private#part"));
    insert("uri", "uri");
    open("dots", databases.resolve("../databases/./a.db"));
    insert("dots", "dots");
    open("relative", Path.of("").toAbsolutePath().relativize(file));
    insert("relative", "relative");
    replicaHolds("a.db", "plain folder file uri dots relative");
    assertThat(replica("l.db")).doesNotExist();
    Path hard = Files.createLink(database("h.db"), file);
    open("hard", hard);
    // SQLite finds the shared memory of the first name in its way.
    assertThat(sql("hard", "PRAGMA user_version")).startsWith("refused");
    await("told").atMost(ARRIVAL).until(() -> !log("ERROR").isEmpty());
    app.ask("close hard");
    Files.delete(hard);
    for (String name : List.of("plain", "folder", "file", "uri", "dots")) {
      app.ask("close " + name);
    }
    assertThat(file.resolveSibling("a.db-wal")).exists();
    app.ask("close relative");
    isAlone(file);
    assertThat(replica("h.db")).doesNotExist();
  }

  @Test
  void whatCannotBeWrittenOrIsNoFileIsLeftAlone() throws IOException {
    Path file = database("a.db");
    open("a", file);
    create("a", "one");
    replicaHolds("a.db", "one");
    app.ask("close a");
    Path copy = database("readonly.db");
    Files.copy(file, copy);
    SqliteCli.required().run(copy, List.of("PRAGMA journal_mode=delete;")).succeeded();
    open("ro", copy, "open_mode=1");
    assertThat(sql("ro", "SELECT v FROM t")).isEqualTo("one");
    open("uri", Path.of("file:" + copy + "?mode=ro"));
    assertThat(sql("uri", "SELECT v FROM t")).isEqualTo("one");
    open("immutable", Path.of("file:" + copy + "?immutable=1"));
    assertThat(sql("immutable", "SELECT v FROM t")).isEqualTo("one");
    open("memory", Path.of(":memory:"));
    create("memory", "m");
    open("shared", Path.of("file:shared.db?mode=memory&cache=shared"));
    create("shared", "m");
    app.ask("open temporary jdbc:sqlite:");
    create("temporary", "m");
    assertThat(sql("ro", "PRAGMA journal_mode")).isEqualTo("delete");
    for (String name : List.of("ro", "uri", "immutable", "memory", "shared", "temporary")) {
      app.ask("close " + name);
    }
    assertThat(app.exit()).isZero();
    assertThat(replica("readonly.db")).doesNotExist();
    assertThat(databases.resolve(".readonly.db-walsync")).doesNotExist();
    isAlone(copy);
    assertThat(log("WARN")).isEmpty();
    assertThat(log("ERROR")).isEmpty();
  }
}
