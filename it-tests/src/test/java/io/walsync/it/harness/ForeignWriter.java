package io.walsync.it.harness;

import io.walsync.it.app.Ledger;
import io.walsync.testkit.Command;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Another process that appends to the ledger and checkpoints, again and again: one {@code sqlite3}
 * a turn, so that it also opens and closes.
 */
public final class ForeignWriter implements AutoCloseable {

  private static final int WRITER = 99;
  private static final String[] CHECKPOINTS = {"PASSIVE", "FULL", "RESTART", "TRUNCATE"};

  private final Thread thread;
  private final AtomicReference<Throwable> failure;
  private volatile boolean isStopping;

  private ForeignWriter(Runnable turn, AtomicReference<Throwable> failure) {
    this.failure = failure;
    this.thread =
        new Thread(
            () -> {
              while (!isStopping && failure.get() == null) {
                turn.run();
              }
            },
            "foreign-writer");
    thread.setDaemon(true);
  }

  /** Nobody. */
  public static ForeignWriter none() {
    return new ForeignWriter(() -> {}, new AtomicReference<>());
  }

  public static ForeignWriter start(SqliteCli shell, Path database, long seed) {
    Random random = new Random(seed);
    AtomicReference<Throwable> failure = new AtomicReference<>();
    ForeignWriter writer = new ForeignWriter(() -> turn(shell, database, random, failure), failure);
    writer.thread.start();
    return writer;
  }

  private static void turn(
      SqliteCli shell, Path database, Random random, AtomicReference<Throwable> failure) {
    List<String> script = new ArrayList<>();
    for (int transaction = 0; transaction < 1 + random.nextInt(5); transaction++) {
      int id = random.nextInt(Ledger.BLOB_ID_COUNT);
      int size = 1 + random.nextInt(6000);
      script.add(Ledger.append(WRITER, 0, Ledger.Operation.PUT, id, size) + ";");
    }
    if (random.nextBoolean()) {
      String mode = CHECKPOINTS[random.nextInt(CHECKPOINTS.length)];
      // A checkpoint that has to wait gives up soon; BUSY is its row, not an error.
      script.add(".timeout 100");
      script.add("PRAGMA wal_checkpoint(" + mode + ");");
    }
    try {
      Command.Outcome outcome = shell.run(database, script);
      if (outcome.exitCode() != 0 && !outcome.stderr().contains("database is locked")) {
        throw new AssertionError("sqlite3: " + outcome.stderr());
      }
    } catch (RuntimeException | AssertionError e) {
      failure.set(e);
    }
  }

  @Override
  public void close() {
    isStopping = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
    if (failure.get() != null) {
      throw new AssertionError("the other process failed", failure.get());
    }
  }
}
