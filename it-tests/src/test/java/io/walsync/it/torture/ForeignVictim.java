package io.walsync.it.torture;

import io.walsync.it.app.Ledger;
import io.walsync.it.harness.SqliteCli;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A {@code sqlite3} shell in the middle of many transactions with {@code synchronous=FULL}: at most
 * moments it is inside a commit, often inside its fsync. To be killed or stopped there.
 */
final class ForeignVictim implements AutoCloseable {

  private static final int TRANSACTION_COUNT = 150;
  private static final int MOST_ROWS = 40;
  private static final int MOST_CHARACTERS = 6000;

  private final Process process;

  private ForeignVictim(Process process) {
    this.process = process;
  }

  /**
   * @param writer that no other writer of this database has, so that its rows are its own
   */
  static ForeignVictim start(Life life, int writer) {
    return start(life, writer, List.of());
  }

  /**
   * @param prefix words before the command, of a program that becomes it
   */
  static ForeignVictim start(Life life, int writer, List<String> prefix) {
    Random random = life.random();
    List<String> script = new ArrayList<>();
    script.add(".timeout 20000");
    script.add("PRAGMA synchronous=FULL;");
    script.add("PRAGMA wal_autocheckpoint=" + (random.nextBoolean() ? 0 : 1000) + ";");
    for (int transaction = 0; transaction < TRANSACTION_COUNT; transaction++) {
      script.add("BEGIN IMMEDIATE;");
      for (int remaining = random.nextInt(MOST_ROWS); remaining >= 0; remaining--) {
        int id = random.nextInt(Ledger.BLOB_ID_COUNT);
        int size = 1 + random.nextInt(MOST_CHARACTERS);
        script.add(Ledger.append(writer, remaining, Ledger.Operation.PUT, id, size) + ";");
      }
      script.add("COMMIT;");
    }
    try {
      Path file = Files.write(life.folder().resolve("victim-" + writer + ".sql"), script);
      return new ForeignVictim(SqliteCli.required().start(prefix, life.database(), file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void stop() {
    Signals.stop(process.pid());
  }

  void goOn() {
    Signals.goOn(process.pid());
  }

  /** Until all is written, or an error ended it. */
  void waitForEnd() {
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
  }

  /** SIGKILL, whether it runs or is stopped. */
  void kill() {
    process.destroyForcibly();
    waitForEnd();
  }

  @Override
  public void close() {
    kill();
  }
}
