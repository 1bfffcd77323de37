package io.walsync.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WalHeaderTest {

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(ints = {512, 1024, 2048, 4096, 8192, 16384, 32768, 65536})
  void headersOfSqliteAreReadForEveryPageSize(int pageSize) throws Exception {
    byte[] wal = SqliteWal.bytes(folder, pageSize);

    WalHeader header = WalHeader.parse(wal);

    assertThat(header.pageSize()).isEqualTo(pageSize);
    assertThat(header.frameSize()).isEqualTo(pageSize + 24);
    assertThat(header.frameOffset(1)).isEqualTo(32);
    assertThat(header.frameOffset(3_000_000_000L)).isEqualTo(32 + 2_999_999_999L * (pageSize + 24));
    assertThat(header.checkpointSequence()).isZero();
    ByteBuffer raw = ByteBuffer.wrap(wal);
    assertThat(header.salt1()).isEqualTo(raw.getInt(16));
    assertThat(header.salt2()).isEqualTo(raw.getInt(20));
    assertThat(header.checksum()).isEqualTo(raw.getLong(24));
  }

  @Test
  void bothByteOrdersOfChecksumsAreRead() throws Exception {
    byte[] wal = SqliteWal.bytes(folder, 4096);
    WalHeader own = WalHeader.parse(wal);
    WalHeader other = WalHeader.parse(SqliteWal.withChecksumsOfTheOtherByteOrder(wal));

    assertThat(other.isBigEndianChecksum()).isNotEqualTo(own.isBigEndianChecksum());
    assertThat(other.hasSaltsOf(own)).isTrue();
    assertThat(other.checksum()).isNotEqualTo(own.checksum());
  }

  @Test
  void aWalRestartChangesTheSalts() throws Exception {
    byte[] before = SqliteWal.bytes(folder, 4096);
    byte[] after =
        SqliteWal.bytes(
            folder, 512, "pragma wal_checkpoint(restart)", "insert into t values(1,'a')");

    assertThat(WalHeader.parse(after).checkpointSequence()).isEqualTo(1);
    assertThat(WalHeader.parse(after).hasSaltsOf(WalHeader.parse(before))).isFalse();
  }

  @Test
  void everySingleBitFlipIsRejected() throws Exception {
    byte[] header = Arrays.copyOf(SqliteWal.bytes(folder, 4096), WalHeader.SIZE);
    for (int bit = 0; bit < 8 * WalHeader.SIZE; bit++) {
      byte[] flipped = header.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertThatThrownBy(() -> WalHeader.parse(flipped))
          .as("bit %d", bit)
          .isInstanceOf(WalFormatException.class);
    }
  }

  @Test
  void aTruncatedHeaderIsRejectedAtEveryByte() throws Exception {
    byte[] wal = SqliteWal.bytes(folder, 4096);
    for (int length = 0; length < WalHeader.SIZE; length++) {
      byte[] cut = Arrays.copyOf(wal, length);
      assertThatThrownBy(() -> WalHeader.parse(cut))
          .isInstanceOf(WalFormatException.class)
          .hasMessageContaining("truncated");
    }
  }
}
