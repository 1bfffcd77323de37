package io.walsync.hook;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SqlScannerTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT 1 | READ_NOTHING",
        "select last_insert_rowid(); | READ_NOTHING",
        "select(select a From t) | READ",
        "  select * from t | READ",
        "explain query plan select 1 | READ",
        "VALUES(1) | READ",
        "INSERT INTO t VALUES(1) | WRITE",
        "WITH x AS (SELECT 1) INSERT INTO t SELECT * FROM x | WRITE",
        "WITH x AS (SELECT 1) SELECT * FROM x | READ",
        "with recursive n(i) as (select 1 union all select i+1 from n) select * from n | READ",
        "WITHOUT | WRITE",
        "/* comment */ SELECT 1 | READ_NOTHING",
        "-- comment\\n/* a */ /* b */\\n  with x as (select 1) select * from x | READ",
        "/* comment */ INSERT INTO t VALUES(1) | WRITE",
        "/* comment */ BEGIN IMMEDIATE | BEGIN",
        "-- a\\nCOMMIT | END",
        "/* open SELECT 1 | WRITE",
        "/* c */ PRAGMA wal_checkpoint(TRUNCATE) | EXCLUSIVE",
        "- 1 | WRITE",
        "-- only | WRITE",
        ";ATTACH 'a' AS x | ATTACH",
        " ; ;/* c */;attach 'a' as x | ATTACH",
        "--c\\n;attach 'a' as x | ATTACH",
        "\ufeffATTACH 'a' AS x | ATTACH",
        "\ufeff;\ufeff begin | BEGIN",
        ";COMMIT | END",
        ";;PRAGMA journal_mode=WAL | WAL_MODE",
        "; | WRITE",
        "\ufeff | WRITE",
        "VACUUM | WRITE",
        "begin; | BEGIN",
        "BEGIN IMMEDIATE | BEGIN",
        "commit; | END",
        "END TRANSACTION | END",
        "ROLLBACK | END",
        "ROLLBACK TO s | UNSURE",
        "SAVEPOINT s | UNSURE",
        "RELEASE s | UNSURE",
        "PRAGMA wal_checkpoint | WRITE",
        "PRAGMA wal_checkpoint(PASSIVE) | WRITE",
        "PRAGMA wal_checkpoint(FULL) | EXCLUSIVE",
        "pragma main.wal_checkpoint = truncate | EXCLUSIVE",
        "PRAGMA journal_mode=DELETE | ROLLBACK_MODE",
        "PRAGMA journal_mode | READ",
        "PRAGMA user_version | READ",
        "PRAGMA user_version=3 | WRITE",
        "PRAGMA table_info(t) | READ",
        "PRAGMA main.integrity_check(10) | READ",
        "PRAGMA optimize | WRITE",
        "PRAGMA incremental_vacuum | WRITE",
        "pragma journal_mode=WAL | WAL_MODE",
        "PRAGMA main.journal_mode = 'wal'; | WAL_MODE",
        "PRAGMA journal_mode(wal) | WAL_MODE",
        "PRAGMA journal_mode=MEMORY | ROLLBACK_MODE",
        "pragma locking_mode=NORMAL | WRITE",
        "PRAGMA locking_mode(EXCLUSIVE) | LOCKING_MODE",
        "  PRAGMA main . locking_mode = EXCLUSIVE | LOCKING_MODE",
        "PRAGMA user_version=5 /* locking_mode=exclusive */ | EXCLUSIVE",
        "PRAGMA wal_autocheckpoint=500 | AUTOCHECKPOINT",
        "PRAGMA wal_autocheckpoint | READ",
        "'' | WRITE",
      })
  void aStatementIsKnownByItsFirstWord(String sql, SqlKind kind) {
    String text = sql.replace("\\n", "\n");
    assertThat(SqlScanner.of(text)).isEqualTo(kind);
    assertThat(SqlScanner.of(text.getBytes(StandardCharsets.UTF_8))).isEqualTo(kind);
  }

  @Test
  void theKeywordIsFoundBehindManyBlanks() {
    String sql = " ;\n".repeat(100) + "ATTACH 'a' AS x";
    assertThat(SqlScanner.of(sql)).isEqualTo(SqlKind.ATTACH);
    assertThat(SqlScanner.of(sql.getBytes(StandardCharsets.UTF_8))).isEqualTo(SqlKind.ATTACH);
  }

  @Test
  void nonAsciiBytesBeforeTheKeywordAreNoBlanks() {
    assertThat(SqlScanner.of("\u00a0SELECT 1".getBytes(StandardCharsets.UTF_8)))
        .isEqualTo(SqlKind.WRITE);
  }
}
