package io.walsync.bench.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowComparisonTest {

  private static final String ROWS =
      "INSERT INTO t VALUES (1, 'a'), (2, x'00ff'), (3, NULL), (4, 1.5)";

  @TempDir Path folder;
  private Path original;
  private Path copy;

  @BeforeEach
  void make() throws SQLException {
    original = folder.resolve("original.db");
    copy = folder.resolve("copy.db");
    run(original, "CREATE TABLE t (id INTEGER PRIMARY KEY, v)", ROWS);
    run(copy, "CREATE TABLE t (id INTEGER PRIMARY KEY, v)", ROWS);
  }

  @Test
  void equalRowsAreTheSameWhateverPeersAdd() throws SQLException {
    run(copy, "CREATE TABLE _litestream_seq (id)", "INSERT INTO _litestream_seq VALUES (1)");
    run(original, "CREATE TABLE _walrust_seq (id)", "INSERT INTO _walrust_seq VALUES (1)");

    assertThat(RowComparison.of(original, copy).isSame()).isTrue();
    assertThat(RowComparison.of(original, copy).rowCount()).isEqualTo(4);
  }

  @Test
  void missingDifferentAndSurplusRowsAreCounted() throws SQLException {
    run(copy, "DELETE FROM t WHERE id IN (1, 4)", "UPDATE t SET v = x'00fe' WHERE id = 2");
    run(copy, "INSERT INTO t VALUES (9, 'new')");

    RowComparison comparison = RowComparison.of(original, copy);

    assertThat(comparison).isEqualTo(new RowComparison(4, 2, 1, 1));
    assertThat(comparison).hasToString("2 of 4 rows missing, 1 different, 1 too many");
  }

  @Test
  void aMissingTableIsAllItsRows() throws SQLException {
    run(copy, "DROP TABLE t");

    assertThat(RowComparison.of(original, copy)).isEqualTo(new RowComparison(4, 4, 0, 0));
  }

  @Test
  void aDifferentTypeIsADifferentRow() throws SQLException {
    run(copy, "UPDATE t SET v = x'61' WHERE id = 1");

    assertThat(RowComparison.of(original, copy).different()).isEqualTo(1);
  }

  private static void run(Path file, String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }
}
