package io.walsync.it.scenario;

import java.sql.Connection;
import java.sql.SQLException;

/** VACUUM, and the PRAGMAs that write or that move the WAL. */
final class PragmaScenarios {

  private PragmaScenarios() {}

  static void addTo(Scenarios all) {
    all.add("vacuum", PragmaScenarios::vacuum);
    all.add("vacuum-by-executeUpdate", (s, c) -> s.update(c, "VACUUM"));
    all.add("auto-vacuum", PragmaScenarios::autoVacuum);
    all.add("incremental-vacuum", PragmaScenarios::incrementalVacuum);
    all.add(
        "user-version",
        (s, c) -> {
          s.execute(c, "PRAGMA user_version=42");
          s.update(c, "PRAGMA user_version=43");
          s.select(c, "PRAGMA user_version");
          s.update(c, "PRAGMA application_id=44");
          s.select(c, "PRAGMA application_id");
        });
    all.add("checkpoint-passive", PragmaScenarios::checkpointPassive);
    all.add("checkpoint-full", (s, c) -> checkpoint(s, c, "FULL"));
    all.add("checkpoint-restart", (s, c) -> checkpoint(s, c, "RESTART"));
    all.add("checkpoint-truncate", (s, c) -> checkpoint(s, c, "TRUNCATE"));
    all.add("checkpoint-truncate-without-busy-timeout", PragmaScenarios::checkpointAtOnce);
    all.add("checkpoint-by-executeUpdate", PragmaScenarios::checkpointByUpdate);
    all.add("own-autocheckpoint", PragmaScenarios::ownAutocheckpoint);
    all.add("journal-mode-and-back", PragmaScenarios::journalModeAndBack);
    all.add("journal-mode-left-at-delete", PragmaScenarios::journalModeLeft);
    all.add("locking-mode-exclusive", PragmaScenarios::lockingMode);
    all.add(
        "optimize-and-integrity-check",
        (s, c) -> {
          s.update(c, "CREATE INDEX i ON t(body)");
          s.execute(c, "PRAGMA optimize");
          s.select(c, "PRAGMA integrity_check");
          s.select(c, "PRAGMA foreign_key_check");
        });
    all.add(
        "secure-delete-and-mmap",
        (s, c) -> {
          s.select(c, "PRAGMA secure_delete=ON");
          s.select(c, "PRAGMA mmap_size=1048576");
          s.update(c, "DELETE FROM t WHERE id > 5");
          s.update(c, "UPDATE t SET body = 'short'");
        });
  }

  private static void vacuum(Stage stage, Connection connection) throws SQLException {
    Stage.fill(connection, "t", 100, 30, 3000);
    stage.update(connection, "DELETE FROM t WHERE id > 40 AND id % 3");
    stage.execute(connection, "VACUUM");
    stage.select(connection, "SELECT count(*), sum(length(body)) FROM t");
    stage.update(connection, "INSERT INTO t VALUES(500, 'after it')");
  }

  private static void autoVacuum(Stage stage, Connection connection) throws SQLException {
    stage.execute(connection, "PRAGMA auto_vacuum=FULL");
    stage.execute(connection, "VACUUM");
    Stage.fill(connection, "t", 100, 30, 3000);
    stage.update(connection, "DELETE FROM t WHERE id >= 100");
    stage.select(connection, "PRAGMA auto_vacuum");
  }

  private static void incrementalVacuum(Stage stage, Connection connection) throws SQLException {
    stage.execute(connection, "PRAGMA auto_vacuum=INCREMENTAL");
    stage.execute(connection, "VACUUM");
    Stage.fill(connection, "t", 100, 30, 3000);
    stage.update(connection, "DELETE FROM t WHERE id >= 100");
    stage.execute(connection, "PRAGMA incremental_vacuum(5)");
    stage.execute(connection, "PRAGMA incremental_vacuum");
  }

  private static void checkpoint(Stage stage, Connection connection, String mode) {
    for (int round = 0; round < 3; round++) {
      stage.update(connection, "INSERT INTO t VALUES(" + (100 + round) + ", 'before')");
      stage.select(connection, "PRAGMA wal_checkpoint(" + mode + ")");
    }
    stage.update(connection, "INSERT INTO t VALUES(200, 'after')");
  }

  /** How much a PASSIVE checkpoint copies depends on who reads meanwhile, the agent included. */
  private static void checkpointPassive(Stage stage, Connection connection) throws SQLException {
    for (int round = 0; round < 3; round++) {
      stage.update(connection, "INSERT INTO t VALUES(" + (100 + round) + ", 'before')");
      String row = Stage.query(connection, "PRAGMA wal_checkpoint");
      stage.transcript().note("passive, busy", row.substring(0, 1));
    }
    stage.update(connection, "INSERT INTO t VALUES(200, 'after')");
  }

  private static void checkpointAtOnce(Stage stage, Connection connection) {
    stage.execute(connection, "PRAGMA busy_timeout=0");
    checkpoint(stage, connection, "TRUNCATE");
  }

  private static void checkpointByUpdate(Stage stage, Connection connection) {
    stage.update(connection, "INSERT INTO t VALUES(100, 'before')");
    stage.update(connection, "PRAGMA wal_checkpoint(TRUNCATE); INSERT INTO t VALUES(101, 'with')");
    stage.update(connection, "INSERT INTO t VALUES(102, 'after')");
  }

  private static void ownAutocheckpoint(Stage stage, Connection connection) throws SQLException {
    stage.select(connection, "PRAGMA wal_autocheckpoint=2");
    for (int id = 100; id < 140; id++) {
      stage.update(connection, "INSERT INTO t VALUES(" + id + ", '" + Stage.body(id, 900) + "')");
    }
    stage.select(connection, "PRAGMA wal_autocheckpoint");
  }

  private static void journalModeAndBack(Stage stage, Connection connection) {
    stage.update(connection, "INSERT INTO t VALUES(100, 'in the WAL')");
    stage.execute(connection, "PRAGMA journal_mode=DELETE");
    stage.execute(connection, "PRAGMA journal_mode=WAL");
    stage.update(connection, "INSERT INTO t VALUES(101, 'in the next')");
    stage.update(connection, "PRAGMA journal_mode=DELETE");
    stage.update(connection, "PRAGMA journal_mode=WAL");
    stage.update(connection, "INSERT INTO t VALUES(102, 'in the third')");
  }

  private static void journalModeLeft(Stage stage, Connection connection) throws SQLException {
    stage.update(connection, "INSERT INTO t VALUES(100, 'in the WAL')");
    stage.execute(connection, "PRAGMA journal_mode=DELETE");
    stage.update(connection, "INSERT INTO t VALUES(101, 'with a journal, or a WAL of the agent')");
    connection.close();
  }

  private static void lockingMode(Stage stage, Connection connection) throws SQLException {
    stage.execute(connection, "PRAGMA locking_mode=EXCLUSIVE");
    stage.update(connection, "INSERT INTO t VALUES(100, 'alone')");
    stage.update(connection, "UPDATE t SET body = 'alone' WHERE id < 5");
    stage.execute(connection, "PRAGMA locking_mode=NORMAL");
    stage.update(connection, "INSERT INTO t VALUES(101, 'not alone')");
  }
}
