package io.walsync.db.staging;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.io.Disk;
import io.walsync.ltx.LtxDecoder;
import io.walsync.ltx.LtxHeader;
import io.walsync.ltx.PageEncoding;
import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.teststore.FaultyDisk;
import io.walsync.wal.WalPosition;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A life of a staging folder that a kill ends before each of its disk's operations in turn. What
 * the next process then brings to the store must be states that the database had, in their order.
 */
class SealKillTest {

  private static final String REPLICA = "file:///replica";
  private static final int PAGE_SIZE = 512;
  private static final int PAGE_COUNT = 6;
  private static final PageEncoding ENCODING = PageEncoding.LZ4_BLOCK;

  @TempDir Path folder;

  /**
   * State number {@code i} is the one after {@code i} commits; a page is told by its first byte.
   */
  private final List<byte[]> states = new ArrayList<>();

  private final Random random = new Random(11);
  private FaultyDisk disk;
  private Staging staging;

  private File path(long n) {
    return folder.resolve("life-" + n).toFile();
  }

  @Test
  void everyStateThatIsSealedAfterAKillIsOneThatTheDatabaseHad() throws Exception {
    boolean isKilled = true;
    for (long n = 1; isKilled; n++) {
      states.clear();
      disk = new FaultyDisk();
      staging = Staging.open(disk, path(n));
      disk.killBefore(n);
      isKilled = false;
      try {
        live();
      } catch (IOException killed) {
        isKilled = true;
      } finally {
        staging.close();
      }
      assertSound(n);
    }
  }

  @Test
  void howLongTheOldestCommitHasWaitedIsKnownToTheNextProcess() throws Exception {
    staging = Staging.open(Disk.REAL, path(0));
    staging.save(Position.before(0).of(REPLICA, BootId.of(Disk.REAL)));
    Sealer sealer = staging.sealer(ENCODING);
    commit(1, 2, 3, 4, 5, 6);
    sealSnapshot();
    long oldestMillis = System.currentTimeMillis() - 3_600_000;
    for (int i = 0; i < 3; i++) {
      addSegment(6);
    }
    assertThat(staging.segments().all().get(0).setLastModified(oldestMillis)).isTrue();
    sealer.compactTo(1);
    assertThat(staging.segments().all()).hasSize(1);
    assertThat(staging.segments().oldestMillis()).isEqualTo(oldestMillis);
    addSegment(6);
    sealer.seal();
    staging.close();
    staging = Staging.open(Disk.REAL, path(0));
    staging.sealed().check(staging.position());
    assertThat(staging.sealed().oldestMillis()).isEqualTo(oldestMillis);
    staging.close();
  }

  private void live() throws IOException {
    staging.save(Position.before(0).of(REPLICA, BootId.of(Disk.REAL)));
    Sealer sealer = staging.sealer(ENCODING);
    commit(1, 2, 3, 4, 5, 6);
    sealSnapshot();
    for (int round = 0; round < 2; round++) {
      commit(2, 3);
      staging.seal(LtxFileInfo.LEVEL_L0, (target, txid) -> write(target, txid, 2, 3));
      for (int pgno = 1; pgno <= PAGE_COUNT; pgno++) {
        commit(1, pgno);
        addSegment(pgno);
      }
      if (round == 0) {
        sealer.seal();
      } else {
        commit(4, 5);
        sealSnapshot();
      }
      commit(6);
      addSegment(6);
      commit(1, 6);
      addSegment(6);
      sealer.seal();
    }
  }

  private void commit(int... pgnos) {
    byte[] state = states.isEmpty() ? new byte[PAGE_COUNT + 1] : newest().clone();
    for (int pgno : pgnos) {
      state[pgno] = (byte) random.nextInt();
    }
    states.add(state);
  }

  private byte[] newest() {
    return states.get(states.size() - 1);
  }

  private void sealSnapshot() throws IOException {
    staging.seal(
        LtxFileInfo.LEVEL_SNAPSHOT, (target, txid) -> write(target, txid, 1, 2, 3, 4, 5, 6));
  }

  private void addSegment(int pgno) throws IOException {
    long seq = staging.position().segmentSeq() + 1;
    int[] pgnos = pgno == 1 ? new int[] {1} : new int[] {1, pgno};
    Captured written = write(staging.segments().fileOf(seq), Txid.of(seq), pgnos);
    staging.addSegment(seq, written.position());
  }

  private Captured write(File target, Txid txid, int... pgnos) throws IOException {
    boolean isSnapshot = pgnos.length == PAGE_COUNT;
    LtxHeader header =
        LtxHeader.builder()
            .pageSize(PAGE_SIZE)
            .commit(PAGE_COUNT)
            .minTxid(isSnapshot ? Txid.FIRST : txid)
            .maxTxid(txid)
            .timestampMillis(staging.nextTimestampMillis())
            .build();
    try (LtxFileWriter writer = staging.writer(target, header, ENCODING, true)) {
      for (int pgno : pgnos) {
        byte[] page = new byte[PAGE_SIZE];
        page[0] = newest()[pgno];
        writer.writePage(pgno, page);
      }
      writer.finish();
      writer.record(staging.checksums(), PAGE_COUNT);
      WalPosition place = new WalPosition(1, 2, states.size() - 1, 3);
      return new Captured(
          writer.crc(),
          staging
              .position()
              .captured(PAGE_SIZE, PAGE_COUNT, header.timestampMillis())
              .at(place, "file"));
    }
  }

  private void assertSound(long n) throws IOException {
    try (Staging left = Staging.open(Disk.REAL, path(n))) {
      if (left.saved() == null) {
        return;
      }
      assertThat(new Recovery(Disk.REAL, left, REPLICA, Long.MAX_VALUE).run())
          .as("killed before %s", n)
          .isNull();
      boolean isSnapshotDue = left.position().isSnapshotDue();
      if (!left.segments().isEmpty()) {
        left.sealer(ENCODING).seal();
      }
      int reached = replicate(n, left);
      if (left.position().wal() != null && !isSnapshotDue) {
        assertThat((long) reached)
            .as("killed before %s", n)
            .isEqualTo(left.position().wal().offset());
      }
    }
  }

  /** Returns the number of the newest state. */
  private int replicate(long n, Staging left) throws IOException {
    SealedFiles sealed = left.sealed();
    TreeMap<Integer, Byte> replica = new TreeMap<>();
    int reached = -1;
    long txid = 0;
    while (!sealed.isEmpty()) {
      LtxFileInfo next = sealed.next();
      apply(sealed.fileOf(next), replica);
      txid++;
      assertThat(next.maxTxid().value()).as("killed before %s", n).isEqualTo(txid);
      int state = find(replica, Math.max(0, reached));
      assertThat(state).as("state of TXID %s, killed before %s", txid, n).isNotNegative();
      reached = state;
      left.uploaded(next, null);
    }
    assertThat(left.position().sealedTxid()).as("killed before %s", n).isEqualTo(txid);
    return reached;
  }

  private static void apply(File file, TreeMap<Integer, Byte> replica) throws IOException {
    try (InputStream in = new FileInputStream(file)) {
      LtxDecoder decoder = new LtxDecoder(in, file.getPath());
      byte[] page = new byte[PAGE_SIZE];
      for (int pgno = decoder.nextPage(page); pgno != 0; pgno = decoder.nextPage(page)) {
        replica.put(pgno, page[0]);
      }
    }
  }

  /** The newest state from a number on that has these pages; -1 if none has. */
  private int find(TreeMap<Integer, Byte> replica, int from) {
    for (int i = states.size() - 1; i >= from; i--) {
      boolean isSame = replica.size() == PAGE_COUNT;
      for (int pgno = 1; isSame && pgno <= PAGE_COUNT; pgno++) {
        isSame = replica.get(pgno) == states.get(i)[pgno];
      }
      if (isSame) {
        return i;
      }
    }
    return -1;
  }
}
