package io.walsync.db.lineage;

import static io.walsync.db.Operator.deleteAgentFolder;
import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.db.ReplicatedDatabase;
import io.walsync.teststore.AgentLines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random databases that were written while nobody looked, checkpointed, and come without the folder
 * that knew them. What became of the replica's newest state is never refused; what became of an
 * older one never goes on in silence, unless it has all that the newest has.
 */
class UnseenLinePropertyTest {

  private static final String[] SHAPES = {
    "PRAGMA page_size=4096; CREATE TABLE t(id INTEGER PRIMARY KEY, v)",
    "PRAGMA page_size=1024; CREATE TABLE t(id INTEGER PRIMARY KEY AUTOINCREMENT, v)",
    "PRAGMA page_size=512; CREATE TABLE t(id INTEGER PRIMARY KEY, v) WITHOUT ROWID",
    "PRAGMA auto_vacuum=FULL; CREATE TABLE t(id INTEGER PRIMARY KEY, v)",
    "PRAGMA auto_vacuum=INCREMENTAL; CREATE TABLE t(id INTEGER PRIMARY KEY, v)",
    "PRAGMA page_size=2048; CREATE TABLE t(id INTEGER PRIMARY KEY, v); CREATE INDEX i ON t(v)",
  };

  private static final String NEXT = "(SELECT coalesce(max(id), 0) + 1 FROM t)";

  /** Each number stands for what one line does otherwise than another. */
  private static final String[] CHANGES = {
    "INSERT INTO t(id, v) VALUES(" + NEXT + ", 'row #')",
    "INSERT INTO t(id, v) VALUES(" + NEXT + ", 'alike')",
    "INSERT INTO t(id, v) VALUES(" + NEXT + ", zeroblob(20000))",
    "INSERT INTO t(id, v) SELECT id + (SELECT max(id) FROM t), 'more ' || id || '#' FROM t",
    "UPDATE t SET v = 'changed #' WHERE id = (SELECT min(id) FROM t)",
    "UPDATE t SET v = v || 'x'",
    "DELETE FROM t WHERE id = (SELECT max(id) FROM t)",
    "DELETE FROM t WHERE id % 3 = 0",
    "DELETE FROM t",
    "DELETE FROM t; INSERT INTO t(id, v) VALUES(1, 'first'), (2, 'second')",
    "CREATE TABLE n#(x)",
    "CREATE INDEX x# ON t(v)",
    "ALTER TABLE t ADD c#",
    "ALTER TABLE t ADD d#; UPDATE t SET d# = id",
    "PRAGMA user_version=#",
    "REINDEX",
    "VACUUM",
  };

  @TempDir Path folder;

  private Random random;
  private int number;
  private final List<String> history = new ArrayList<>();

  static LongStream seeds() {
    long first = Long.getLong("walsync.seed", 1);
    return LongStream.range(first, first + Integer.getInteger("walsync.seeds", 25));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void onlyWhatHasTheNewestStateGoesOnInSilence(long seed) throws Exception {
    random = new Random(seed);
    history.add("seed " + seed);
    Path there = Files.createDirectory(folder.resolve("there"));
    Path older = folder.resolve("older.db");
    try (ReplicatedDatabase database = new ReplicatedDatabase(folder)) {
      begin(database);
      replicate(database, changes(random.nextInt(3)));
      Files.copy(database.file.toPath(), older);
      List<String> since = changes(1 + random.nextInt(4));
      replicate(database, since);
      database.stopAgent();
      boolean isNewest = random.nextInt(3) == 0;
      history.add(isNewest ? "the newest" : "an older one");
      Path source = isNewest ? database.file.toPath() : older;
      try (ReplicatedDatabase unseen = new ReplicatedDatabase(there, database.replicaFolder)) {
        unseen.stopAgent();
        Files.copy(source, unseen.file.toPath(), StandardCopyOption.REPLACE_EXISTING);
        boolean isAlike = random.nextInt(4) == 0;
        write(unseen.file.toPath(), isAlike ? again(since) : changes(1 + random.nextInt(3)));
        check(unseen, isNewest, database.file.toPath(), older);
      }
    }
  }

  private void begin(ReplicatedDatabase database) throws Exception {
    String shape = SHAPES[random.nextInt(SHAPES.length)];
    int rowCount = random.nextInt(3) == 0 ? 3 : 400;
    write(
        database.file.toPath(),
        Arrays.asList(
            shape,
            "PRAGMA journal_mode=wal",
            "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < "
                + rowCount
                + ") INSERT INTO t(id, v) SELECT x, 'of old ' || x FROM n"));
  }

  /** Each change is a TXID of its own. */
  private void replicate(ReplicatedDatabase database, List<String> changes) throws Exception {
    try (ReplicatedDatabase.App app = database.open()) {
      app.execute("SELECT count(*) FROM t");
      database.drain();
      for (String change : changes) {
        history.add(change);
        app.execute(change.split("; "));
        database.drain();
      }
    }
    database.drain();
  }

  private List<String> changes(int count) {
    List<String> chosen = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      chosen.add(CHANGES[random.nextInt(CHANGES.length)].replace("#", Integer.toString(++number)));
    }
    return chosen;
  }

  /** The same, but for what each line names its own. */
  private List<String> again(List<String> changes) {
    List<String> same = new ArrayList<>();
    for (String change : changes) {
      same.add(change.replaceAll("(row |changed |\\bn|\\bx|c|d|=)[0-9]+\\b", "$10" + ++number));
    }
    return same;
  }

  private void write(Path file, List<String> changes) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
      for (String change : changes) {
        history.add(change);
        for (String sql : change.split("; ")) {
          try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
          }
        }
      }
    }
  }

  private void check(ReplicatedDatabase unseen, boolean isNewest, Path newest, Path older)
      throws Exception {
    boolean isOlderAgain = Files.mismatch(unseen.file.toPath(), older) == -1;
    Set<String> lost = content(newest);
    Set<String> kept = content(unseen.file.toPath());
    Set<String> undone = content(older);
    undone.removeAll(lost);
    undone.retainAll(kept);
    lost.removeAll(kept);
    try (AgentLines lines = new AgentLines()) {
      unseen.startAgent();
      try (ReplicatedDatabase.App app = unseen.open()) {
        app.execute("SELECT count(*) FROM t");
        unseen.drain();
        boolean isRefused = unseen.db().describeState().equals("REFUSED");
        boolean isSaid = isRefused || !lines.with("WARN", "nothing shows").isEmpty();
        boolean isUnrelated = !lines.with("ERROR", "holds another database").isEmpty();
        if (isNewest) {
          assertThat(isRefused)
              .as("%s", history)
              .isEqualTo(isRefused && (isOlderAgain || isUnrelated));
        } else {
          assertThat(isSaid || lost.isEmpty() && undone.isEmpty())
              .as("%s lost %s undone %s", history, lost, undone)
              .isTrue();
        }
      }
    }
    unseen.stopAgent();
    deleteAgentFolder(unseen);
  }

  /** Rows, tables and the application's number. */
  private static Set<String> content(Path file) throws SQLException, IOException {
    Path copy =
        Files.copy(file, file.resolveSibling("read.db"), StandardCopyOption.REPLACE_EXISTING);
    Set<String> content = new HashSet<>();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + copy);
        Statement statement = connection.createStatement()) {
      for (String query :
          new String[] {
            "SELECT sql FROM sqlite_master", "SELECT * FROM t", "PRAGMA user_version"
          }) {
        try (ResultSet rows = statement.executeQuery(query)) {
          while (rows.next()) {
            StringBuilder row = new StringBuilder(query);
            for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
              row.append('|').append(Arrays.hashCode(rows.getBytes(i)));
            }
            content.add(row.toString());
          }
        }
      }
    }
    return content;
  }
}
