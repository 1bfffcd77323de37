package io.walsync.history.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.history.compaction.Past;
import io.walsync.io.Clock;
import io.walsync.ltx.Txid;
import io.walsync.restore.Restore;
import io.walsync.restore.RestoreOptions;
import io.walsync.restore.RestoreProgress;
import io.walsync.restore.RestoreTarget;
import io.walsync.teststore.MemoryStore;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A replica in memory that lives for hours in a moment, and loses what may go. */
abstract class PruneSuite {

  static final long MINUTE = TimeUnit.MINUTES.toMillis(1);
  static final Policy MINUTES = Policy.parse("1m every commit, 1h every 1m");

  @TempDir Path folder;

  final ManualNanos clock = new ManualNanos();
  PrunedReplica replica;
  Past past;

  /** Its waits pass at once, and a test may act in them. */
  final class ManualNanos implements Clock {
    private long nanos;
    private long millis;

    @Override
    public long nanoTime() {
      return nanos;
    }

    @Override
    public long millis() {
      return millis;
    }

    @Override
    public void pause(long pauseNanos) {
      nanos += pauseNanos;
    }
  }

  @BeforeEach
  void replicate() throws IOException {
    replica = new PrunedReplica(new MemoryStore());
    replica.init();
    past = new Past(replica, new Random(1), 512);
    replica.storeMillis = past.millis;
    past.begin(4);
  }

  void pass(long millis) {
    past.millis += millis;
    replica.storeMillis += millis;
  }

  /** A state each 10 s. */
  void commit(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      pass(10_000);
      past.commit(4);
    }
  }

  Restore restore() {
    return new Restore(replica, RestoreOptions.defaults(), RestoreProgress.NONE);
  }

  Prune prune(Policy policy) {
    return new Prune(replica, restore(), policy, clock);
  }

  /** Deletes what may go, one by one. */
  PrunePlan run(Policy policy) throws IOException {
    PrunePlan plan = prune(policy).plan();
    assertThat(plan.obstacle()).isNull();
    replica.delete(plan.keepSet().gone());
    return plan;
  }

  void assertState(long txid) throws IOException {
    File output = folder.resolve("restored.db").toFile();
    restore().run(RestoreTarget.at(Txid.of(txid)), output);
    assertThat(Files.readAllBytes(output.toPath())).isEqualTo(past.states.get(txid));
    Files.delete(output.toPath());
  }

  /** Some hours with a snapshot in each, so that much may go. */
  void live(int hours) throws IOException {
    for (int i = 0; i < hours; i++) {
      commit(360);
      past.snapshot();
    }
    pass(11 * MINUTE);
  }
}
