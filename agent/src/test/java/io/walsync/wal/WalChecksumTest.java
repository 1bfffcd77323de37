package io.walsync.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WalChecksumTest {

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void everyLengthAgreesWithTheDefinition(boolean isBigEndian) {
    byte[] bytes = new byte[400];
    new Random(5).nextBytes(bytes);
    for (int offset = 0; offset < 9; offset++) {
      for (int length = 0; length <= 384; length += 8) {
        assertThat(WalChecksum.update(0x1234567890abcdefL, bytes, offset, length, isBigEndian))
            .isEqualTo(byDefinition(0x1234567890abcdefL, bytes, offset, length, isBigEndian));
      }
    }
  }

  @Test
  void theTwoSumsAreKeptApart() {
    long state = WalChecksum.of(0x80000001, 0xffffffff);
    assertThat(WalChecksum.checksum1(state)).isEqualTo(0x80000001);
    assertThat(WalChecksum.checksum2(state)).isEqualTo(0xffffffff);
  }

  @Test
  void aLengthThatIsNoMultipleOfEightIsRefused() {
    assertThatThrownBy(() -> WalChecksum.update(0, new byte[16], 0, 12, true))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static long byDefinition(
      long state, byte[] bytes, int offset, int length, boolean isBigEndian) {
    int sum1 = (int) (state >>> 32);
    int sum2 = (int) state;
    for (int i = offset; i < offset + length; i += 8) {
      sum1 += word(bytes, i, isBigEndian) + sum2;
      sum2 += word(bytes, i + 4, isBigEndian) + sum1;
    }
    return (long) sum1 << 32 | sum2 & 0xffffffffL;
  }

  private static int word(byte[] bytes, int offset, boolean isBigEndian) {
    int word = 0;
    for (int i = 0; i < 4; i++) {
      int at = isBigEndian ? offset + i : offset + 3 - i;
      word = word << 8 | bytes[at] & 0xff;
    }
    return word;
  }
}
