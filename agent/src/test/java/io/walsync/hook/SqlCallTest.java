package io.walsync.hook;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SqlCallTest {

  @Test
  void aScriptThatMayLeaveATransactionOpenIsNotTrusted() {
    assertThat(kindOf("INSERT INTO t VALUES(1); BEGIN; INSERT INTO t VALUES(2)"))
        .isEqualTo(SqlKind.UNSURE);
    assertThat(kindOf("CREATE TABLE a(x); CREATE TABLE b(x);")).isEqualTo(SqlKind.WRITE);
    assertThat(kindOf("PRAGMA synchronous=OFF; PRAGMA journal_mode=MEMORY;"))
        .isEqualTo(SqlKind.ROLLBACK_MODE);
    assertThat(kindOf("PRAGMA synchronous=OFF; PRAGMA journal_mode=WAL;"))
        .isEqualTo(SqlKind.EXCLUSIVE);
    assertThat(kindOf("BEGIN;  ")).isEqualTo(SqlKind.BEGIN);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ATTACH 'b.db' AS b | true",
        "detach b | true",
        "/* app */ ATTACH 'b.db' AS b | true",
        "-- app\\nDETACH b; | true",
        "INSERT INTO t VALUES('attach') | false",
        "BEGIN; Attach 'b.db' AS b | true",
        "INSERT INTO t VALUES(1); INSERT INTO t VALUES(2) | false",
      })
  void whatMayAttachADatabaseMayOpenAFile(String line, boolean mayAttach) {
    String sql = line.replace("\\n", "\n");
    for (SqlCall call :
        new SqlCall[] {SqlCall.of(sql), SqlCall.of(sql.getBytes(StandardCharsets.UTF_8))}) {
      assertThat(call.mayAttach()).isEqualTo(mayAttach);
      assertThat(call.mayOpen()).isEqualTo(mayAttach);
    }
  }

  @ParameterizedTest
  @CsvSource({"backup, WRITE, true", "restore, EXCLUSIVE, true", "deserialize, EXCLUSIVE, false"})
  void aNamedNativeIsKnown(String name, SqlKind kind, boolean mayOpen) {
    SqlCall call = SqlCall.of(name);
    assertThat(call.kind()).isEqualTo(kind);
    assertThat(call.mayOpen()).isEqualTo(mayOpen);
    assertThat(call.mayAttach()).isFalse();
  }

  @Test
  void aCommentInFrontHidesNothing() {
    assertThat(kindOf("/* app */ BEGIN IMMEDIATE")).isEqualTo(SqlKind.BEGIN);
    assertThat(kindOf("-- app\nPRAGMA journal_mode=DELETE")).isEqualTo(SqlKind.ROLLBACK_MODE);
    assertThat(kindOf("/* app */ PRAGMA wal_checkpoint(TRUNCATE);")).isEqualTo(SqlKind.EXCLUSIVE);
  }

  @Test
  void aCallKnowsWhatItWasMadeOf() {
    String sql = new String("COMMIT");
    assertThat(SqlCall.of(sql).isOf(sql)).isTrue();
    assertThat(SqlCall.of(sql).isOf("COMMIT")).isFalse();
  }

  private static SqlKind kindOf(String sql) {
    return SqlCall.of(sql).kind();
  }
}
