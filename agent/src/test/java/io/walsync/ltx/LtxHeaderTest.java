package io.walsync.ltx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LtxHeaderTest {

  @Test
  void everyFieldSurvivesEncoding() throws LtxFormatException {
    LtxHeader header =
        LtxHeader.builder()
            .flags(0)
            .pageSize(65536)
            .commit(Integer.MAX_VALUE)
            .minTxid(Txid.of(0x123456789abcdefL))
            .maxTxid(Txid.of(Long.MAX_VALUE))
            .timestampMillis(-5)
            .preApplyChecksum(0x8000000000000001L)
            .walOffset(Long.MAX_VALUE)
            .walSize(77)
            .walSalts(-1, -2)
            .nodeId(-3)
            .build();

    LtxHeader decoded = LtxHeader.decode(header.encode());

    assertThat(decoded).usingRecursiveComparison().isEqualTo(header);
    assertThat(header.toBuilder().build()).usingRecursiveComparison().isEqualTo(header);
    assertThat(decoded.isTracked()).isTrue();
    assertThat(decoded.isSnapshot()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {512, 1024, 2048, 4096, 8192, 16384, 32768, 65536})
  void everyPageSizeIsRead(int pageSize) throws LtxFormatException {
    byte[] bytes = LtxFiles.header(pageSize, 1, 1, 1).build().encode();
    assertThat(LtxHeader.decode(bytes).pageSize()).isEqualTo(pageSize);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0x4c545832, LTX1",
    "0, 0x4c545834, encrypted",
    "4, 0x00000003, flags 3",
    "4, 0x80000002, flags 80000002",
    "8, 0, page size 0",
    "8, 256, page size 256",
    "8, 131072, page size 131072",
    "8, 4097, page size 4097",
    "8, -2147483648, page size 2147483648",
    "12, -1, commit of 4294967295 pages",
    "20, 0, min TXID is 0",
    "16, -1, min TXID is ffffffff00000001",
    "28, 0, max TXID is 0",
    "20, 9, below min TXID",
    "40, 1, pre-apply checksum",
    "48, -1, negative WAL offset",
    "56, -1, negative WAL offset",
    "60, 1, without a WAL offset",
    "64, 1, salts without",
    "68, 1, salts without",
  })
  void aBrokenRuleIsRejected(int offset, String value, String message) {
    byte[] bytes = LtxFiles.header(4096, 1, 1, 1).build().encode();
    ByteBuffer.wrap(bytes).putInt(offset, Long.decode(value).intValue());
    assertThatThrownBy(() -> LtxHeader.decode(bytes))
        .isInstanceOf(LtxFormatException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource({"1, 0x8000000000000001", "2, 0", "2, 1"})
  void aTrackedFileHasAPreApplyChecksumUnlessItIsASnapshot(long minTxid, String checksum) {
    LtxHeader.Builder builder =
        LtxFiles.header(512, 1, minTxid, 2)
            .flags(0)
            .preApplyChecksum(Long.parseUnsignedLong(checksum.replace("0x", ""), 16));
    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("pre-apply checksum");
  }

  @Test
  void nodeIdAndReservedBytesAreIgnored() throws LtxFormatException {
    byte[] bytes = LtxFiles.header(4096, 1, 1, 1).build().encode();
    Arrays.fill(bytes, 72, 100, (byte) 0x77);
    assertThat(LtxHeader.decode(bytes).nodeId()).isEqualTo(0x7777777777777777L);
  }

  @Test
  void aTruncatedHeaderIsRejectedAtEveryByte() {
    byte[] bytes = LtxFiles.header(4096, 1, 1, 1).build().encode();
    for (int length = 0; length < LtxHeader.SIZE; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> LtxHeader.decode(cut))
          .isInstanceOf(LtxFormatException.class)
          .hasMessageContaining("truncated");
    }
  }

  @Test
  void randomBytesAreRejectedOrEncodeToThemselves() {
    Random random = new Random(51);
    int accepted = 0;
    for (int round = 0; round < 100_000; round++) {
      byte[] bytes = GoldenLtx.header().encode();
      for (int i = random.nextInt(4); i >= 0; i--) {
        bytes[random.nextInt(80)] = (byte) random.nextInt();
      }
      try {
        assertThat(LtxHeader.decode(bytes).encode()).isEqualTo(bytes);
        accepted++;
      } catch (LtxFormatException e) {
        assertThat(e).hasMessageContaining("LTX");
      }
    }
    assertThat(accepted).isBetween(1000, 99_000);
  }
}
