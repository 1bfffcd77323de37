package io.walsync.db.staging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.walsync.io.Disk;
import io.walsync.ltx.LtxHeader;
import io.walsync.ltx.PageEncoding;
import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SealedFilesTest {

  private static final int PAGE_SIZE = 512;

  @TempDir Path folder;
  private Staging staging;
  private SealedFiles sealed;

  @BeforeEach
  void open() throws IOException {
    staging = Staging.open(Disk.REAL, folder.resolve("staging").toFile());
    sealed = staging.sealed();
  }

  @AfterEach
  void close() throws IOException {
    staging.close();
  }

  private LtxFileInfo write(int level, long min, long max, long millis) throws IOException {
    File target = sealed.fileOf(level, Txid.of(min), Txid.of(max));
    LtxHeader header =
        LtxHeader.builder()
            .pageSize(PAGE_SIZE)
            .commit(1)
            .minTxid(Txid.of(min))
            .maxTxid(Txid.of(max))
            .timestampMillis(millis)
            .build();
    try (LtxFileWriter writer = staging.writer(target, header, PageEncoding.LZ4_FRAME, true)) {
      writer.writePage(1, new byte[PAGE_SIZE]);
      writer.finish();
    }
    return new LtxFileInfo(level, Txid.of(min), Txid.of(max), target.length(), millis);
  }

  private LtxFileInfo add(int level, long min, long max) throws IOException {
    LtxFileInfo info = write(level, min, max, 1000 + max);
    sealed.add(info, max);
    return info;
  }

  private static Position position(long uploadedTxid, long sealedTxid) {
    return Position.before(uploadedTxid).sealed(Txid.of(sealedTxid), 0);
  }

  /** In the order in which they leave the queue. */
  private List<Long> drain() throws IOException {
    List<Long> txids = new ArrayList<>();
    while (!sealed.isEmpty()) {
      LtxFileInfo next = sealed.next();
      txids.add(next.maxTxid().value());
      sealed.delete(next);
      assertThat(sealed.fileOf(next)).doesNotExist();
    }
    return txids;
  }

  @Test
  void filesLeaveInTheOrderInWhichTheyWereSealed() throws Exception {
    assertThat(sealed.isEmpty()).isTrue();
    assertThat(sealed.next()).isNull();
    assertThat(sealed.oldestMillis()).isEqualTo(Long.MAX_VALUE);

    add(LtxFileInfo.LEVEL_SNAPSHOT, 1, 1);
    add(LtxFileInfo.LEVEL_L0, 2, 2);
    add(LtxFileInfo.LEVEL_L0, 3, 3);

    assertThat(sealed.oldestMillis()).isEqualTo(1001);
    assertThat(drain()).containsExactly(1L, 2L, 3L);
  }

  @Test
  void whatAnEarlierProcessHasLeftWaitsInTheSameOrder() throws Exception {
    write(LtxFileInfo.LEVEL_L0, 11, 11, 7000);
    write(LtxFileInfo.LEVEL_SNAPSHOT, 1, 10, 6000);
    write(LtxFileInfo.LEVEL_L0, 9, 9, 5000);

    sealed.check(position(8, 11));

    assertThat(sealed.oldestMillis()).isEqualTo(5000);
    assertThat(sealed.crcOf(sealed.next())).isNull();
    assertThat(drain()).containsExactly(9L, 10L, 11L);
  }

  @Test
  void aFileThatTheStoreHasDoesNotWait() throws Exception {
    File stored = sealed.fileOf(write(LtxFileInfo.LEVEL_L0, 4, 4, 1));
    write(LtxFileInfo.LEVEL_L0, 5, 5, 2);

    sealed.check(position(4, 5));

    assertThat(stored).doesNotExist();
    assertThat(drain()).containsExactly(5L);
  }

  @Test
  void aFileThatSomebodyDeletedIsMissed() throws Exception {
    LtxFileInfo info = add(LtxFileInfo.LEVEL_L0, 4, 4);
    Files.delete(sealed.fileOf(info).toPath());

    assertThat(sealed.next()).isEqualTo(info);
    assertThatThrownBy(() -> sealed.check(position(3, 4)))
        .isInstanceOf(StagingDamagedException.class)
        .hasMessageContaining("the file of TXID 0000000000000004 is missing");
  }

  @Test
  void whatIsCheckedAgainWaitsOnce() throws Exception {
    add(LtxFileInfo.LEVEL_L0, 4, 4);
    add(LtxFileInfo.LEVEL_L0, 5, 5);

    sealed.check(position(3, 5));
    sealed.check(position(3, 5));

    assertThat(drain()).containsExactly(4L, 5L);
  }

  @Test
  void theOldestFileTellsWhetherAnyIsAsOldAsATxid() throws Exception {
    assertThat(sealed.isAnyUpTo(Long.MAX_VALUE)).isFalse();
    add(LtxFileInfo.LEVEL_L0, 4, 4);
    add(LtxFileInfo.LEVEL_L0, 5, 5);

    assertThat(sealed.isAnyUpTo(3)).isFalse();
    assertThat(sealed.isAnyUpTo(4)).isTrue();
  }

  @Test
  void aSnapshotIsSeenBehindOtherFilesUntilTheStoreHasIt() throws Exception {
    add(LtxFileInfo.LEVEL_L0, 4, 4);
    assertThat(sealed.hasSnapshot()).isFalse();
    LtxFileInfo snapshot = add(LtxFileInfo.LEVEL_SNAPSHOT, 1, 5);
    assertThat(sealed.hasSnapshot()).isTrue();

    sealed.delete(snapshot);

    assertThat(sealed.hasSnapshot()).isFalse();
  }

  @Test
  void aClearedFolderHasNothingWaiting() throws Exception {
    add(LtxFileInfo.LEVEL_L0, 4, 4);

    staging.clear();

    assertThat(sealed.isEmpty()).isTrue();
    assertThat(sealed.list()).isEmpty();
  }
}
