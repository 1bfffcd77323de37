package io.walsync.wal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WalFrameHeaderTest {

  private static final String[] TRANSACTIONS = {
    "insert into t values(1, randomblob(3000))",
    "insert into t values(2, zeroblob(70000))",
    "delete from t where a = 1",
  };

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(ints = {512, 4096, 65536})
  void everyFrameOfSqliteIsValid(int pageSize) throws Exception {
    byte[] wal = SqliteWal.bytes(folder, pageSize, TRANSACTIONS);
    for (byte[] bytes : List.of(wal, SqliteWal.withChecksumsOfTheOtherByteOrder(wal))) {
      WalHeader header = WalHeader.parse(bytes);
      List<Integer> offsets = SqliteWal.frameOffsets(header, bytes);
      long checksum = header.checksum();
      int commits = 0;
      for (int offset : offsets) {
        assertThat(WalFrameHeader.isValid(header, checksum, bytes, offset)).isTrue();
        checksum = WalFrameHeader.checksum(bytes, offset);
        commits += WalFrameHeader.isCommit(bytes, offset) ? 1 : 0;
      }
      assertThat(commits).isEqualTo(1 + TRANSACTIONS.length);
      int last = offsets.get(offsets.size() - 1);
      assertThat(WalFrameHeader.commit(bytes, last)).isGreaterThanOrEqualTo(2);
      assertThat(WalFrameHeader.pgno(bytes, last)).isPositive();
    }
  }

  @Test
  void aFrameIsInvalidAfterAnyOtherThanTheOneBeforeIt() throws Exception {
    byte[] wal = SqliteWal.bytes(folder, 512, TRANSACTIONS);
    WalHeader header = WalHeader.parse(wal);
    List<Integer> offsets = SqliteWal.frameOffsets(header, wal);
    long first = WalFrameHeader.checksum(wal, offsets.get(0));

    assertThat(WalFrameHeader.isValid(header, first, wal, offsets.get(1))).isTrue();
    assertThat(WalFrameHeader.isValid(header, header.checksum(), wal, offsets.get(1))).isFalse();
    assertThat(WalFrameHeader.isValid(header, first, wal, offsets.get(2))).isFalse();
  }

  @Test
  void everySingleBitFlipMakesAFrameInvalid() throws Exception {
    byte[] wal = SqliteWal.bytes(folder, 512, TRANSACTIONS);
    WalHeader header = WalHeader.parse(wal);
    int frame = WalHeader.SIZE;
    for (int bit = 0; bit < 8 * header.frameSize(); bit++) {
      int at = frame + bit / 8;
      wal[at] ^= (byte) (1 << bit % 8);
      assertThat(WalFrameHeader.isValid(header, header.checksum(), wal, frame))
          .as("bit %d", bit)
          .isFalse();
      wal[at] ^= (byte) (1 << bit % 8);
    }
    assertThat(WalFrameHeader.isValid(header, header.checksum(), wal, frame)).isTrue();
  }

  @Test
  void aPageNumberOfZeroIsInvalidEvenIfTheChecksumAgrees() throws Exception {
    byte[] wal = SqliteWal.bytes(folder, 512);
    WalHeader header = WalHeader.parse(wal);
    int frame = WalHeader.SIZE;
    ByteBuffer.wrap(wal).putInt(frame, 0);
    boolean isBigEndian = header.isBigEndianChecksum();
    long state = WalChecksum.update(header.checksum(), wal, frame, 8, isBigEndian);
    state = WalChecksum.update(state, wal, frame + 24, 512, isBigEndian);
    ByteBuffer.wrap(wal).putLong(frame + 16, state);

    assertThat(WalFrameHeader.isValid(header, header.checksum(), wal, frame)).isFalse();
  }
}
