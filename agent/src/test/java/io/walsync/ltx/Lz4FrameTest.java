package io.walsync.ltx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4FrameInputStream;
import net.jpountz.lz4.LZ4FrameOutputStream;
import net.jpountz.lz4.LZ4FrameOutputStream.BLOCKSIZE;
import net.jpountz.lz4.LZ4FrameOutputStream.FLG.Bits;
import net.jpountz.xxhash.XXHashFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Lz4FrameTest {

  private static final int[] PAGE_SIZES = {512, 1024, 2048, 4096, 8192, 16384, 32768, 65536};

  @Test
  void whatItWritesTheReferenceReads() throws IOException {
    Random random = new Random(31);
    Lz4Compressor compressor = new Lz4Compressor();
    for (int round = 0; round < 400; round++) {
      byte[] page = LtxFiles.page(random, PAGE_SIZES[round % PAGE_SIZES.length]);
      byte[] frame = new byte[Lz4Frame.OVERHEAD + Lz4Compressor.bound(page.length)];
      int size =
          Lz4Frame.encode(round % 3 == 0 ? null : compressor, page, 0, page.length, frame, 0);
      assertThat(size).isLessThanOrEqualTo(Lz4Frame.OVERHEAD + page.length);
      try (LZ4FrameInputStream in =
          new LZ4FrameInputStream(new ByteArrayInputStream(frame, 0, size))) {
        assertThat(in.readAllBytes()).isEqualTo(page);
      }
    }
  }

  @Test
  void framesOfAnyFlagsAreRead() throws IOException {
    Random random = new Random(32);
    for (int pageSize : PAGE_SIZES) {
      for (BLOCKSIZE blockSize : BLOCKSIZE.values()) {
        for (int flags = 0; flags < 8; flags++) {
          byte[] page = LtxFiles.page(random, pageSize);
          assertThat(decode(reference(page, blockSize, flags), pageSize)).isEqualTo(page);
        }
      }
    }
  }

  @Test
  void linkedBlocksMayReferToTheBlockBefore() throws IOException {
    byte[] page = new byte[512];
    new Random(33).nextBytes(page);
    System.arraycopy(page, 0, page, 256, 256);
    byte[] second = {0x0f, 0x00, 0x01, (byte) (256 - 4 - 15 - 5), 0x50, 0, 0, 0, 0, 0};
    System.arraycopy(page, 507, second, 5, 5);
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.write(new byte[] {0x04, 0x22, 0x4d, 0x18, 0x40, 0x40});
    frame.write(XXHashFactory.safeInstance().hash32().hash(new byte[] {0x40, 0x40}, 0, 2, 0) >> 8);
    frame.write(new byte[] {0, 1, 0, (byte) 0x80});
    frame.write(page, 0, 256);
    frame.write(new byte[] {(byte) second.length, 0, 0, 0});
    frame.write(second);
    frame.write(new byte[4]);

    assertThat(decode(frame.toByteArray(), 512)).isEqualTo(page);

    byte[] independent = frame.toByteArray();
    independent[4] = 0x60;
    independent[6] = (byte) (XXHashFactory.safeInstance().hash32().hash(independent, 4, 2, 0) >> 8);
    assertThatThrownBy(() -> decode(independent, 512)).isInstanceOf(LtxFormatException.class);
  }

  @Test
  void aFrameCutAnywhereNeedsMore() throws IOException {
    byte[] page = LtxFiles.page(new Random(34), 1024);
    byte[] frame = reference(page, BLOCKSIZE.SIZE_64KB, 7);
    for (int length = 0; length < frame.length; length++) {
      assertThat(Lz4Frame.length(frame, 0, length, 100_000)).isEqualTo(PageFrame.NEEDS_MORE);
    }
    assertThat(Lz4Frame.length(frame, 0, frame.length, 100_000)).isEqualTo(frame.length);
  }

  @Test
  void everySingleBitFlipIsDetectedOrHarmless() throws IOException {
    byte[] page = LtxFiles.page(new Random(35), 512);
    byte[] frame = reference(page, BLOCKSIZE.SIZE_64KB, 1);
    int detected = 0;
    for (int bit = 0; bit < 8 * frame.length; bit++) {
      byte[] flipped = frame.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      try {
        assertThat(decode(flipped, 512)).as("bit %d", bit).isEqualTo(page);
      } catch (LtxFormatException e) {
        detected++;
      }
    }
    assertThat(detected).isGreaterThan(8 * frame.length - 10);
  }

  @ParameterizedTest
  @ValueSource(ints = {511, 513})
  void aFrameOfAnotherSizeThanThePageIsRejected(int size) throws IOException {
    byte[] frame = reference(LtxFiles.page(new Random(36), size), BLOCKSIZE.SIZE_64KB, 1);
    assertThatThrownBy(() -> decode(frame, 512)).isInstanceOf(LtxFormatException.class);
  }

  private static byte[] decode(byte[] frame, int pageSize) throws LtxFormatException {
    byte[] input = Arrays.copyOf(frame, frame.length + 10);
    int length = Lz4Frame.length(input, 0, input.length, PageFrame.maxSize(pageSize));
    if (length == PageFrame.NEEDS_MORE) {
      throw new LtxFormatException("truncated");
    }
    byte[] page = new byte[pageSize];
    Lz4Frame.decode(input, 0, length, page, 0, pageSize);
    return page;
  }

  private static byte[] reference(byte[] page, BLOCKSIZE blockSize, int flags) throws IOException {
    Bits[] bits = {Bits.CONTENT_CHECKSUM, Bits.BLOCK_CHECKSUM, Bits.CONTENT_SIZE};
    Bits[] chosen = new Bits[Integer.bitCount(flags) + 1];
    chosen[0] = Bits.BLOCK_INDEPENDENCE;
    int count = 1;
    for (int i = 0; i < bits.length; i++) {
      if ((flags & 1 << i) != 0) {
        chosen[count++] = bits[i];
      }
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (LZ4FrameOutputStream frame =
        new LZ4FrameOutputStream(
            out,
            blockSize,
            page.length,
            LZ4Factory.safeInstance().fastCompressor(),
            XXHashFactory.safeInstance().hash32(),
            chosen)) {
      frame.write(page);
    }
    return out.toByteArray();
  }
}
