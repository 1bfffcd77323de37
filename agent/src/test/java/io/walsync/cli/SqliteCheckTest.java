package io.walsync.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.walsync.restore.IntegrityCheck;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.Collation;
import org.sqlite.Function;

class SqliteCheckTest {

  private static final int PAGE_SIZE = 4096;

  @TempDir Path folder;
  private Path database;

  @BeforeEach
  void create() throws Exception {
    database = folder.resolve("a b%20?#ä.db");
    Path plain = folder.resolve("plain.db");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + plain);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode=WAL");
      statement.execute("CREATE TABLE t(x, y)");
      statement.execute("CREATE INDEX i ON t(y)");
      statement.execute(
          "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<2000)"
              + " INSERT INTO t SELECT i, 'row number ' || i FROM n");
    }
    Files.move(plain, database);
  }

  @Test
  void aSoundDatabasePassesAndNothingAppearsBesideIt() {
    for (IntegrityCheck check : new IntegrityCheck[] {SqliteCheck.quick(), SqliteCheck.full()}) {
      assertThatCode(() -> check.check(database.toFile())).doesNotThrowAnyException();
    }
    assertThat(folder.toFile().list()).containsExactly(database.getFileName().toString());
  }

  @Test
  void whatTheApplicationBringsAlongIsNoDamage() throws Exception {
    Path own = folder.resolve("own.db");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + own);
        Statement statement = connection.createStatement()) {
      Collation.create(
          connection,
          "BYLENGTH",
          new Collation() {
            @Override
            protected int xCompare(String a, String b) {
              return a.length() == b.length() ? a.compareTo(b) : a.length() - b.length();
            }
          });
      statement.execute("CREATE TABLE t(x TEXT COLLATE BYLENGTH)");
      statement.execute("CREATE INDEX i ON t(x)");
      statement.execute("INSERT INTO t VALUES ('bb'), ('c'), ('aaa')");
    }
    assertCannotBeChecked(own, "BYLENGTH");
  }

  @Test
  void aFunctionOfTheApplicationsIsNoDamage() throws Exception {
    Path own = folder.resolve("own.db");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + own);
        Statement statement = connection.createStatement()) {
      Function.create(
          connection,
          "twice",
          new Function() {
            @Override
            protected void xFunc() throws SQLException {
              result(value_text(0) + value_text(0));
            }
          },
          1,
          Function.FLAG_DETERMINISTIC);
      statement.execute("CREATE TABLE t(x TEXT, y TEXT AS (twice(x)) STORED, CHECK (twice(x)))");
      statement.execute("CREATE INDEX i ON t(twice(x))");
      statement.execute("INSERT INTO t(x) VALUES ('1'), ('2')");
    }
    assertCannotBeChecked(own, "twice");
  }

  private static void assertCannotBeChecked(Path own, String name) {
    for (IntegrityCheck check : new IntegrityCheck[] {SqliteCheck.quick(), SqliteCheck.full()}) {
      try {
        check.check(own.toFile());
      } catch (Exception e) {
        assertThat(e)
            .isInstanceOf(CheckNotPossibleException.class)
            .hasMessageContaining(name)
            .hasMessageContaining("cannot run here")
            .hasMessageContaining("the application's own");
        assertThat(Failure.of(e, false).exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(Failure.of(e, false).message()).doesNotContain("damaged");
      }
    }
    assertThatThrownBy(() -> SqliteCheck.full().check(own.toFile()))
        .isInstanceOf(CheckNotPossibleException.class);
  }

  @Test
  void aDamagedPageIsFound() throws Exception {
    byte[] content = Files.readAllBytes(database);
    Arrays.fill(content, 5 * PAGE_SIZE, 6 * PAGE_SIZE, (byte) 0x55);
    Files.write(database, content);

    for (IntegrityCheck check : new IntegrityCheck[] {SqliteCheck.quick(), SqliteCheck.full()}) {
      assertThatThrownBy(() -> check.check(database.toFile()))
          .isInstanceOf(FailedCheckException.class)
          .hasMessageMatching("(quick|integrity)_check of the restored database[^\n]+");
    }
  }

  @Test
  void anIndexThatDiffersFromItsTableIsFoundByTheFullCheckAlone() throws Exception {
    String content = Files.readString(database, ISO_8859_1);
    for (int i = 1000; i < 1005; i++) {
      content = content.replaceFirst("row number " + i, "row nummer " + i);
    }
    Files.writeString(database, content, ISO_8859_1);

    assertThatCode(() -> SqliteCheck.quick().check(database.toFile())).doesNotThrowAnyException();
    assertThatThrownBy(() -> SqliteCheck.full().check(database.toFile()))
        .isInstanceOf(FailedCheckException.class)
        .hasMessageMatching(
            "integrity_check of the restored database found [0-9]+ problems: [^;]+; [^;]+; [^;]+");
  }

  @Test
  void whatIsNoDatabaseFails() throws Exception {
    Files.writeString(database, "x".repeat(5000));

    assertThatThrownBy(() -> SqliteCheck.quick().check(database.toFile()))
        .isInstanceOf(FailedCheckException.class)
        .hasMessageContaining("file is not a database");
  }
}
