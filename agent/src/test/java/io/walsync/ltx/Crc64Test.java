package io.walsync.ltx;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class Crc64Test {

  private static final byte[] CHECK_INPUT = "123456789".getBytes(US_ASCII);

  @Test
  void theCheckValueIsThatOfCrc64GoIso() {
    assertThat(Crc64.update(0, CHECK_INPUT, 0, 9)).isEqualTo(0xB90956C775A41001L);
  }

  @Test
  void theCrcOfNothingIsZero() {
    assertThat(Crc64.update(0, CHECK_INPUT, 4, 0)).isZero();
  }

  @Test
  void everyLengthAndOffsetAgreesWithBitwiseDivision() {
    byte[] bytes = random(1, 300);
    for (int offset = 0; offset < 20; offset++) {
      for (int length = 0; length <= 200; length++) {
        assertThat(Crc64.update(0, bytes, offset, length))
            .as("offset %d length %d", offset, length)
            .isEqualTo(bitwise(bytes, offset, length));
      }
    }
  }

  @Test
  void theCrcOfAWholeFollowsFromThoseOfItsParts() {
    byte[] bytes = random(2, 5000);
    long whole = Crc64.update(0, bytes, 0, bytes.length);
    for (int split = 0; split <= bytes.length; split += 113) {
      long first = Crc64.update(0, bytes, 0, split);
      long second = Crc64.update(0, bytes, split, bytes.length - split);
      assertThat(Crc64.update(first, bytes, split, bytes.length - split)).isEqualTo(whole);
      assertThat(Crc64.combine(first, second, bytes.length - split)).isEqualTo(whole);
    }
  }

  @Test
  void anIntIsTakenBigEndian() {
    byte[] bytes = {0x12, 0x34, 0x56, (byte) 0x9a};
    assertThat(Crc64.updateInt(7, 0x1234569a)).isEqualTo(Crc64.update(7, bytes, 0, 4));
  }

  private static long bitwise(byte[] bytes, int offset, int length) {
    long state = -1L;
    for (int i = offset; i < offset + length; i++) {
      state ^= bytes[i] & 0xff;
      for (int bit = 0; bit < 8; bit++) {
        state = (state >>> 1) ^ ((state & 1) == 0 ? 0 : 0xD800000000000000L);
      }
    }
    return ~state;
  }

  private static byte[] random(long seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }
}
