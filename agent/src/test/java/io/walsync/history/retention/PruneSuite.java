package io.walsync.history.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.history.compaction.Past;
import io.walsync.io.Clock;
import io.walsync.ltx.LtxDecoder;
import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.ReplicaFiles;
import io.walsync.restore.Restore;
import io.walsync.restore.RestoreOptions;
import io.walsync.restore.RestorePlan;
import io.walsync.restore.RestoreProgress;
import io.walsync.restore.RestoreTarget;
import io.walsync.teststore.MemoryStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A replica in memory that lives for hours in a moment, and is pruned. */
abstract class PruneSuite {

  static final long MINUTE = TimeUnit.MINUTES.toMillis(1);
  static final Policy MINUTES = Policy.parse("1m every commit, 1h every 1m");

  @TempDir Path folder;

  final ManualNanos clock = new ManualNanos();
  final List<LtxFileInfo> told = new ArrayList<>();
  final List<Long> waits = new ArrayList<>();
  PrunedReplica replica;
  Past past;
  String alive;
  Runnable meanwhile = () -> {};

  /** Its waits pass at once, and a test may act in them. */
  class ManualNanos implements Clock {
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
      Runnable once = meanwhile;
      meanwhile = () -> {};
      once.run();
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
    return new Prune(replica, restore(), policy, Prune.GRACE_MILLIS, files -> alive, clock);
  }

  PrunePlan run(Policy policy) throws IOException {
    return run(policy, true);
  }

  PrunePlan run(Policy policy, boolean isForced) throws IOException {
    Prune prune = prune(policy);
    return prune.run(prune.plan(), isForced, progress());
  }

  Prune.Progress progress() {
    return new Prune.Progress() {
      @Override
      public void waiting(long millis) {
        waits.add(millis);
      }

      @Override
      public void deleted(List<LtxFileInfo> files) {
        told.addAll(files);
      }
    };
  }

  void assertNothingDeleted() {
    assertThat(replica.deleted).isEmpty();
    assertThat(told).isEmpty();
  }

  static void unchecked(PrunedReplica.Event event) {
    try {
      event.happen();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** By the planner and the files of a restore, without its threads. */
  void assertState(long txid) throws IOException {
    RestorePlan plan =
        RestorePlan.ofOwn(replica, ReplicaFiles.list(replica), RestoreTarget.at(Txid.of(txid)));
    byte[] database = new byte[0];
    for (LtxFileInfo file : plan.files()) {
      try (InputStream in = replica.open(file, 0, Long.MAX_VALUE)) {
        LtxDecoder decoder = new LtxDecoder(in);
        int size = decoder.header().pageSize();
        byte[] next = Arrays.copyOf(database, decoder.header().commit() * size);
        decoder.readAll((pgno, page) -> System.arraycopy(page, 0, next, (pgno - 1) * size, size));
        database = next;
      }
    }
    assertThat(database).as("state %s", txid).isEqualTo(past.states.get(txid));
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
