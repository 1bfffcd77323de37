package io.walsync.ltx;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;
import org.junit.jupiter.api.Test;

class Lz4DecompressorTest {

  private static final int GUARD = 32;

  private static final LZ4Factory REFERENCE = LZ4Factory.safeInstance();

  @Test
  void whatTheReferenceWritesIsRead() {
    Random random = new Random(21);
    for (int round = 0; round < 20_000; round++) {
      byte[] page = LtxFiles.page(random, random.nextInt(5000));
      LZ4Compressor compressor =
          random.nextInt(10) == 0 ? REFERENCE.highCompressor() : REFERENCE.fastCompressor();
      byte[] block = compressor.compress(page);
      byte[] restored = new byte[page.length];
      int end = Lz4Decompressor.decompress(block, 0, block.length, restored, 0, 0, restored.length);
      assertThat(end).isEqualTo(page.length);
      assertThat(Arrays.equals(restored, page)).as("round %d", round).isTrue();
    }
  }

  @Test
  void damagedBlocksNeitherEscapeTheirBoundsNorDisagreeWithTheReference() {
    Random random = new Random(22);
    int refusals = 0;
    for (int round = 0; round < 200_000; round++) {
      byte[] page = LtxFiles.page(random, 1 + random.nextInt(600));
      byte[] block = damage(random, REFERENCE.fastCompressor().compress(page));
      refusals += compareWithReference(block, page.length, "round " + round);
    }
    assertThat(refusals).isLessThan(1000);
  }

  @Test
  void randomBytesNeitherEscapeTheirBoundsNorDisagreeWithTheReference() {
    Random random = new Random(23);
    int refusals = 0;
    for (int round = 0; round < 200_000; round++) {
      byte[] block = new byte[random.nextInt(60)];
      random.nextBytes(block);
      refusals += compareWithReference(block, random.nextInt(300), "round " + round);
    }
    assertThat(refusals).isLessThan(1000);
  }

  @Test
  void aDistanceOfZeroIsMalformed() {
    byte[] block = {0x10, 'a', 0, 0, 0x50, 1, 2, 3, 4, 5};
    assertThat(Lz4Decompressor.decompress(block, 0, block.length, new byte[10], 0, 0, 10))
        .isEqualTo(Lz4Decompressor.MALFORMED);
  }

  @Test
  void anEndlessLengthIsMalformed() {
    byte[] literals = new byte[100_000];
    Arrays.fill(literals, (byte) 255);
    byte[] page = new byte[512];
    assertThat(Lz4Decompressor.decompress(literals, 0, literals.length, page, 0, 0, 512))
        .isEqualTo(Lz4Decompressor.MALFORMED);
  }

  private static byte[] damage(Random random, byte[] block) {
    byte[] damaged = Arrays.copyOf(block, Math.max(0, block.length + random.nextInt(5) - 2));
    for (int i = random.nextInt(4); i > 0 && damaged.length > 0; i--) {
      damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
    }
    return damaged;
  }

  /**
   * What both read must be equal. The reference refuses some harmless ends of a block, and reads
   * matches of distance 0, which the format does not know.
   *
   * @return 1 if only the reference reads it
   */
  private static int compareWithReference(byte[] block, int pageSize, String what) {
    byte[] target = new byte[pageSize + 2 * GUARD];
    Arrays.fill(target, (byte) 0x5a);
    int end =
        Lz4Decompressor.decompress(block, 0, block.length, target, GUARD, GUARD, GUARD + pageSize);
    for (int i = 0; i < GUARD; i++) {
      assertThat(target[i]).as(what).isEqualTo((byte) 0x5a);
      assertThat(target[GUARD + pageSize + i]).as(what).isEqualTo((byte) 0x5a);
    }
    byte[] expected = reference(block, pageSize);
    if (expected == null) {
      return 0;
    }
    if (end == Lz4Decompressor.MALFORMED) {
      return 1;
    }
    assertThat(Arrays.copyOfRange(target, GUARD, end)).as(what).isEqualTo(expected);
    return 0;
  }

  private static byte[] reference(byte[] block, int maxSize) {
    LZ4SafeDecompressor decompressor = REFERENCE.safeDecompressor();
    try {
      return decompressor.decompress(block, maxSize);
    } catch (LZ4Exception | ArrayIndexOutOfBoundsException e) {
      return null;
    }
  }
}
