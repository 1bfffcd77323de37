package io.walsync.db;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.db.events.Health;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pause, and requests to upload at once, in a time that passes when the test says so. */
class PausedTest {

  private static final String ROW = "INSERT INTO t(v) VALUES(randomblob(300))";
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @TempDir private Path folder;
  private TurnsByHand turns;

  @BeforeEach
  void begin() throws Exception {
    turns = new TurnsByHand(folder, UnaryOperator.identity());
  }

  @AfterEach
  void end() throws Exception {
    turns.turns(MINUTE);
    turns.close();
  }

  /** A database whose first commits are in the replica. */
  private TurnsByHand.App begun() throws Exception {
    TurnsByHand.App app = turns.open();
    app.execute("CREATE TABLE t(v)", ROW);
    turns.turns(MINUTE);
    return app;
  }

  private int uploadedCount() throws Exception {
    return turns.uploaded(0).size() + turns.uploaded(9).size();
  }

  @Test
  void nothingIsUploadedDuringAPauseAndEverythingAfterIt() throws Exception {
    try (TurnsByHand.App app = begun()) {
      int before = uploadedCount();
      turns.pause().begin(MINUTE.multipliedBy(10).toNanos());
      for (int i = 0; i < 5; i++) {
        app.execute(ROW);
        turns.turns(MINUTE);
      }
      assertThat(uploadedCount()).isEqualTo(before);
      assertThat(turns.status().health()).isEqualTo(Health.PAUSED);
      assertThat(turns.status().isFine()).isFalse();
      assertThat(turns.status().reason()).contains("paused by a command until ");
      assertThat(turns.status().lagMillis()).isGreaterThanOrEqualTo(4 * MINUTE.toMillis());
      turns.turns(MINUTE.multipliedBy(6));
      assertThat(turns.status().health()).isEqualTo(Health.REPLICATING);
      assertThat(uploadedCount()).isGreaterThan(before);
      assertThat(turns.status().lagMillis()).isZero();
    }
  }

  @Test
  void aPauseThatEndsEarlyIsOverAtOnce() throws Exception {
    try (TurnsByHand.App app = begun()) {
      turns.pause().begin(Duration.ofHours(1).toNanos());
      app.execute(ROW);
      turns.turns(MINUTE);
      assertThat(turns.status().lagMillis()).isPositive();
      assertThat(turns.pause().end()).isTrue();
      assertThat(turns.pause().end()).isFalse();
      turns.turns(SECOND.multipliedBy(2));
      assertThat(turns.status().lagMillis()).isZero();
    }
  }

  @Test
  void theEndOfTheProcessUploadsDuringAPause() throws Exception {
    try (TurnsByHand.App app = begun()) {
      turns.pause().begin(Duration.ofHours(1).toNanos());
      app.execute(ROW);
      turns.turns(MINUTE);
      turns.drain().begin();
      turns.turns(SECOND);
      assertThat(turns.drain().isDone()).isTrue();
    }
  }

  @Test
  void whoAsksForAnUploadHasItBeforeTheIntervalIsOver() throws Exception {
    try (TurnsByHand.App app = begun()) {
      app.execute(ROW);
      turns.turn();
      app.execute(ROW);
      turns.haste().begin();
      turns.turns(Duration.ofMillis(100));
      assertThat(turns.haste().isWanted()).isFalse();
      assertThat(turns.status().lagMillis()).isZero();
    }
  }
}
