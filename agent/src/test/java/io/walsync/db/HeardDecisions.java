package io.walsync.db;

import io.walsync.db.events.DbEvents;
import io.walsync.db.events.Decision;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/** What was decided of a database, as it would stand in the log. */
final class HeardDecisions implements DbEvents {

  private static final Duration DEADLINE = Duration.ofSeconds(30);
  private static final String ROW = "INSERT INTO t(v) VALUES(randomblob(300))";

  /** Some six megabytes, which are worth a checkpoint. */
  static final String MANY_ROWS =
      "INSERT INTO t(v) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<2000)"
          + " SELECT randomblob(3000) FROM n";

  private final EnumSet<Decision> kinds = EnumSet.noneOf(Decision.class);
  private final List<String> lines = new ArrayList<>();

  @Override
  public boolean wantsDecisions() {
    return true;
  }

  @Override
  public synchronized void decided(Decision decision, String why) {
    kinds.add(decision);
    lines.add(decision.words() + ": " + why);
  }

  synchronized boolean has(Decision decision) {
    return kinds.contains(decision);
  }

  synchronized EnumSet<Decision> kinds() {
    return EnumSet.copyOf(kinds);
  }

  synchronized List<String> lines() {
    return new ArrayList<>(lines);
  }

  synchronized void clear() {
    kinds.clear();
    lines.clear();
  }

  /**
   * Writes into the table {@code t} until a checkpoint is decided, or for half a minute. Then a
   * commit stands at the beginning of the WAL, where others stood before.
   */
  void writeUntilCheckpoint(ReplicatedDatabase database, ReplicatedDatabase.App app)
      throws Exception {
    app.execute(MANY_ROWS);
    long deadline = System.nanoTime() + DEADLINE.toNanos();
    while (!has(Decision.CHECKPOINT) && System.nanoTime() < deadline) {
      app.execute(ROW);
      database.takeTurn();
    }
  }
}
