package io.walsync.db.staging;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.io.Disk;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateLogTest {

  private static final int MAX_RECORDS = 8;

  @TempDir Path folder;
  private Path file;
  private StateLog log;
  private final Map<Long, Long> found = new TreeMap<>();

  @BeforeEach
  void open() {
    file = folder.resolve("states");
    log = new StateLog(Disk.REAL, file.toFile(), MAX_RECORDS);
  }

  private long read() throws IOException {
    found.clear();
    return log.read(found::put);
  }

  @Test
  void knowsNothingWithoutAFile() throws IOException {
    assertThat(read()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void knowsAllFromTheFirstThatWasAppended() throws IOException {
    log.append(1, 11);
    log.append(2, 22);
    log.append(3, 33);
    assertThat(read()).isEqualTo(1);
    assertThat(found).containsExactly(Map.entry(1L, 11L), Map.entry(2L, 22L), Map.entry(3L, 33L));
  }

  @Test
  void goesOnAfterWhatTheReplicaWasFoundToHold() throws IOException {
    log.append(77, 1);
    log.begin(1, 5, new long[] {5, 2}, new long[] {55, 22});
    log.append(6, 66);
    assertThat(read()).isEqualTo(1);
    assertThat(found).containsOnlyKeys(2L, 5L, 6L);
  }

  @Test
  void knowsAllOnlyFromBehindAGap() throws IOException {
    log.append(1, 11);
    log.append(4, 44);
    assertThat(read()).isEqualTo(4);
    assertThat(found).containsOnlyKeys(1L, 4L);
  }

  @Test
  void aTxidThatWasSealedAgainIsNoGap() throws IOException {
    log.append(1, 11);
    log.append(2, 22);
    log.append(2, 23);
    log.append(3, 33);
    assertThat(read()).isEqualTo(1);
    assertThat(found).containsEntry(2L, 23L);
  }

  @Test
  void aRecordCutShortIsWrittenOver() throws IOException {
    log.append(1, 11);
    log.append(2, 22);
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
      open.setLength(open.length() - 5);
    }
    assertThat(read()).isEqualTo(1);
    assertThat(found).containsOnlyKeys(1L);
    log.append(2, 22);
    assertThat(read()).isEqualTo(1);
    assertThat(found).containsOnlyKeys(1L, 2L);
  }

  @Test
  void aDamagedFileKnowsNothing() throws IOException {
    log.append(1, 11);
    Files.write(file, new byte[64]);
    assertThat(read()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void growsNoFurtherThanItMayAndSaysFromWhereItKnowsAll() throws IOException {
    for (long txid = 1; txid <= 50; txid++) {
      log.append(txid, txid * 11);
    }
    long first = read();
    assertThat(Files.size(file)).isLessThan(32 + 16 * MAX_RECORDS);
    assertThat(first).isBetween(42L, 50L);
    assertThat(found).containsKey(50L).containsKey(first);
    assertThat(found).doesNotContainKey(1L);
  }

  @Test
  void whatWasFoundCountsNoMoreAsWholeOnceSomeOfItIsForgotten() throws IOException {
    log.begin(1, 4, new long[] {4, 1, 3, 2}, new long[] {44, 11, 33, 22});
    for (long txid = 5; txid <= 8; txid++) {
      log.append(txid, txid * 11);
    }
    assertThat(read()).isEqualTo(5);
    assertThat(found).containsOnlyKeys(5L, 6L, 7L, 8L);
  }

  @Test
  void moreThanThereIsRoomForIsNotTheWhole() throws IOException {
    log.begin(1, 6, new long[] {1, 2, 3, 4, 5, 6}, new long[] {1, 2, 3, 4, 5, 6});
    assertThat(read()).isEqualTo(7);
  }
}
