package io.walsync.ltx;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;
import org.junit.jupiter.api.Test;

class Lz4CompressorTest {

  private static final LZ4SafeDecompressor REFERENCE = LZ4Factory.safeInstance().safeDecompressor();

  @Test
  void whatItWritesTheReferenceReads() {
    Random random = new Random(11);
    Lz4Compressor compressor = new Lz4Compressor();
    for (int round = 0; round < 20_000; round++) {
      byte[] page = LtxFiles.page(random, length(random));
      int offset = random.nextInt(7);
      byte[] source = new byte[page.length + 14];
      random.nextBytes(source);
      System.arraycopy(page, 0, source, offset, page.length);
      byte[] block = new byte[Lz4Compressor.bound(page.length) + 20];

      int size = compressor.compress(source, offset, page.length, block, 3);

      assertThat(size).isLessThanOrEqualTo(Lz4Compressor.bound(page.length));
      byte[] restored = new byte[page.length];
      assertThat(REFERENCE.decompress(block, 3, size, restored, 0)).isEqualTo(page.length);
      assertThat(Arrays.equals(restored, page)).as("round %d", round).isTrue();
    }
  }

  @Test
  void everyShortLengthIsWritten() {
    Random random = new Random(12);
    Lz4Compressor compressor = new Lz4Compressor();
    for (int length = 0; length < 600; length++) {
      byte[] page = LtxFiles.page(random, length);
      byte[] block = new byte[Lz4Compressor.bound(length)];
      int size = compressor.compress(page, 0, length, block, 0);
      assertThat(REFERENCE.decompress(Arrays.copyOf(block, size), length)).isEqualTo(page);
    }
  }

  @Test
  void repetitionIsCompressed() {
    Lz4Compressor compressor = new Lz4Compressor();
    byte[] block = new byte[Lz4Compressor.bound(65536)];
    assertThat(compressor.compress(new byte[65536], 0, 65536, block, 0)).isLessThan(300);
  }

  @Test
  void aTableFullOfOldPositionsIsForgottenBeforeTheyOverflow() {
    Random random = new Random(13);
    Lz4Compressor compressor = new Lz4Compressor();
    byte[] block = new byte[Lz4Compressor.bound(65536)];
    byte[] page = new byte[65536];
    for (int i = 0; i < (1 << 30) / page.length + 3; i++) {
      compressor.compress(page, 0, page.length, block, 0);
    }
    byte[] last = LtxFiles.page(random, 65536);
    int size = compressor.compress(last, 0, last.length, block, 0);
    assertThat(REFERENCE.decompress(Arrays.copyOf(block, size), last.length)).isEqualTo(last);
  }

  @Test
  void storedBytesAreABlockToo() {
    byte[] page = LtxFiles.page(new Random(14), 4096);
    byte[] block = new byte[Lz4Compressor.bound(4096)];
    int size = Lz4Compressor.store(page, 0, page.length, block, 0);
    assertThat(size).isEqualTo(4114);
    assertThat(REFERENCE.decompress(Arrays.copyOf(block, size), 4096)).isEqualTo(page);
  }

  private static int length(Random random) {
    return random.nextBoolean() ? 512 << random.nextInt(4) : random.nextInt(5000);
  }
}
