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
import java.sql.Statement;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
