package io.walsync.db.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.history.Timeline;
import io.walsync.ltx.LtxDecoder;
import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.LtxSource;
import io.walsync.replica.LtxStream;
import io.walsync.replica.ReplicaClient;
import io.walsync.replica.ReplicaFiles;
import io.walsync.restore.RestorePlan;
import io.walsync.restore.RestoreTarget;
import io.walsync.teststore.ForwardingReplicaClient;
import io.walsync.teststore.MemoryStore;
import io.walsync.teststore.WholeStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Commits, time, kills between any two requests and answers that are lost: whatever could be
 * restored before can be restored after it, byte for byte.
 */
class CompactorPropertyTest {

  private static final int LIVES = Integer.getInteger("walsync.seeds", 25);
  private static final long FIRST_SEED = Long.getLong("walsync.seed", 1);

  @TempDir Path folder;

  /** A kill, which no handler of failures survives. */
  private static final class Killed extends ThreadDeath {
    private static final long serialVersionUID = 1L;
  }

  /** A store that fails, and a process that ends, at random. */
  private static final class Unsteady extends ForwardingReplicaClient {
    private final Random random;
    boolean isKilled;

    Unsteady(ReplicaClient delegate, Random random) {
      super(delegate);
      this.random = random;
    }

    private void trouble() throws IOException {
      int fate = random.nextInt(120);
      if (fate == 0 || isKilled) {
        isKilled = true;
        throw new Killed();
      }
      if (fate < 3) {
        throw new IOException("no answer");
      }
    }

    @Override
    public List<LtxFileInfo> list(int level, Txid seek, boolean exactTimes) throws IOException {
      trouble();
      return super.list(level, seek, exactTimes);
    }

    @Override
    public InputStream open(LtxFileInfo file, long offset, long length) throws IOException {
      trouble();
      return super.open(file, offset, length);
    }

    @Override
    public LtxFileInfo writeStream(LtxFileInfo name, LtxStream content) throws IOException {
      return WholeStream.write(this, name, content);
    }

    @Override
    public void write(LtxFileInfo file, LtxSource content, String sha256Hex) throws IOException {
      trouble();
      super.write(file, content, sha256Hex);
      trouble();
    }
  }

  @Test
  void whatCouldBeRestoredStillCan() throws Exception {
    for (long seed = FIRST_SEED; seed < FIRST_SEED + LIVES; seed++) {
      try {
        live(seed);
      } catch (Exception | AssertionError e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }

  private void live(long seed) throws Exception {
    Random random = new Random(seed);
    MemoryStore store = new MemoryStore();
    CompactorByHand hand =
        new CompactorByHand(
            folder, store, CompactorByHand.LEVELS + "snapshot: {interval: 90s}\n", seed);
    hand.keepsContent = random.nextBoolean();
    hand.begin(1 + random.nextInt(10));
    TreeSet<Long> wanted = new TreeSet<>(List.of(1L));
    int kills = 0;
    for (int step = 0; step < 60; step++) {
      for (int i = random.nextInt(8); i >= 0; i--) {
        hand.client = store; // uploads have their own tests
        hand.commit(1 + random.nextInt(12));
        wanted.add(hand.past.txid);
      }
      Unsteady unsteady = new Unsteady(store, random);
      hand.client = unsteady;
      hand.pass(random.nextInt(4) == 0 ? random.nextInt(200_000) : random.nextInt(15_000));
      if (unsteady.isKilled) {
        kills++;
        hand.start();
        hand.client = store;
        hand.list();
      }
      assertThat(points(store)).as("after step %d", step).isEqualTo(wanted);
      assertPlanned(store, hand);
    }
    hand.client = store;
    hand.commit(3);
    wanted.add(hand.past.txid);
    hand.pass(3_600_000);
    assertRestorable(store, hand, wanted);
    assertNothingOverlaps(store);
    assertThat(hand.stagingFolder()).isEmptyDirectory();
    assertThat(kills).isLessThan(60);
    assertThat(hand.snapshots).isNotEmpty();
  }

  private static TreeSet<Long> points(ReplicaClient client) throws IOException {
    TreeSet<Long> txids = new TreeSet<>();
    for (Timeline.Point point : Timeline.of(ReplicaFiles.list(client)).points()) {
      txids.add(point.txid().value());
    }
    return txids;
  }

  private static void assertPlanned(ReplicaClient client, CompactorByHand hand) throws IOException {
    RestorePlan plan = RestorePlan.of("", ReplicaFiles.list(client), RestoreTarget.latest());
    assertThat(plan.txid()).isEqualTo(Txid.of(hand.past.txid));
  }

  private static void assertRestorable(
      ReplicaClient client, CompactorByHand hand, TreeSet<Long> wanted) throws IOException {
    List<LtxFileInfo> files = ReplicaFiles.list(client);
    for (long txid : wanted) {
      RestorePlan plan = RestorePlan.of("", files, RestoreTarget.at(Txid.of(txid)));
      byte[] database = new byte[0];
      for (LtxFileInfo file : plan.files()) {
        database = applied(client, file, database);
      }
      assertThat(database).as("TXID %d", txid).isEqualTo(hand.past.states.get(txid));
    }
  }

  private static byte[] applied(ReplicaClient client, LtxFileInfo file, byte[] before)
      throws IOException {
    try (InputStream in = client.open(file, 0, Long.MAX_VALUE)) {
      LtxDecoder decoder = new LtxDecoder(in, file.toString());
      int pageSize = decoder.header().pageSize();
      byte[] after = Arrays.copyOf(before, decoder.header().commit() * pageSize);
      decoder.readAll(
          (pgno, page) -> System.arraycopy(page, 0, after, (pgno - 1) * pageSize, pageSize));
      return after;
    }
  }

  /** Each level is one chain without gap or overlap, and its files are merged of two at least. */
  private static void assertNothingOverlaps(ReplicaClient client) throws IOException {
    for (int level = 0; level <= 3; level++) {
      long next = 2;
      for (LtxFileInfo file : client.list(level, Txid.FIRST, false)) {
        assertThat(file.minTxid().value()).as("%s", file).isEqualTo(next);
        assertThat(level == 0 || file.maxTxid().value() > next).as("%s", file).isTrue();
        next = file.maxTxid().value() + 1;
      }
      assertThat(level > 1 || next > 2).isTrue();
    }
  }
}
