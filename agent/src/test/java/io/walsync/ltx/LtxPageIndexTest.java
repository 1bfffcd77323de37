package io.walsync.ltx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class LtxPageIndexTest {

  @Test
  void everyPageIsFoundAndDecodes() throws IOException {
    SortedMap<Integer, byte[]> pages = new TreeMap<>();
    Random random = new Random(71);
    for (int pgno = 1; pgno < 60_000; pgno += 1 + random.nextInt(12)) {
      pages.put(pgno, LtxFiles.page(random, 512));
    }
    byte[] file =
        LtxFiles.write(LtxFiles.header(512, 60_000, 2, 2).build(), PageEncoding.LZ4_BLOCK, pages);
    InMemory access = new InMemory(file);

    LtxPageIndex index = LtxPageIndex.read(access);

    assertThat(access.requests).as("an index larger than one request").hasSizeGreaterThan(2);
    assertThat(index.pageCount()).isEqualTo(pages.size());
    byte[] page = new byte[512];
    for (Map.Entry<Integer, byte[]> entry : pages.entrySet()) {
      int place = index.find(entry.getKey());
      assertThat(index.pgno(place)).isEqualTo(entry.getKey());
      int offset = (int) index.frameOffset(place);
      PageFrame.decode(file, offset, index.frameSize(place), page, 0, 512);
      assertThat(Arrays.equals(page, entry.getValue())).isTrue();
    }
    assertThat(index.find(0)).isNegative();
    assertThat(index.find(70_000)).isNegative();
  }

  @Test
  void theIndexOfASmallFileTakesOneRequest() throws IOException {
    InMemory access = new InMemory(GoldenLtx.of(PageEncoding.LZ4_FRAME));
    LtxPageIndex index = LtxPageIndex.read(access);
    assertThat(access.requests).hasSize(1);
    assertThat(index.frameOffset(index.find(1))).isEqualTo(100);
    assertThat(index.frameSize(0)).isEqualTo(50);
    assertThat(index.endOffset()).isEqualTo(150);
  }

  @Test
  void offsetsBeyondTwoGibibytesAreRead() throws IOException {
    int frame = 65_000;
    int count = 50_000;
    byte[] tail = new byte[count * PageIndexEntry.MAX_SIZE];
    int size = 0;
    long offset = LtxHeader.SIZE;
    for (int pgno = 1; pgno <= count; pgno++) {
      size = PageIndexEntry.put(tail, size, pgno, offset, frame);
      offset += frame;
    }
    size++;
    Bytes.putLong(tail, size, size);
    byte[] end = Arrays.copyOf(tail, size + 24);
    long start = offset + 6;

    LtxPageIndex index = LtxPageIndex.read(new Sparse(start, end));

    assertThat(index.pageCount()).isEqualTo(count);
    assertThat(index.frameOffset(count - 1)).isEqualTo(LtxHeader.SIZE + (count - 1L) * frame);
    assertThat(index.endOffset()).isGreaterThan(3_000_000_000L);
  }

  @Test
  void afterASingleBitFlipFramesStillFillTheFile() throws IOException {
    byte[] file = GoldenLtx.of(PageEncoding.LZ4_BLOCK);
    for (int bit = 8 * 141; bit < 8 * (file.length - 16); bit++) {
      byte[] flipped = file.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      try {
        LtxPageIndex index = LtxPageIndex.read(new InMemory(flipped));
        assertThat(index.endOffset()).as("bit %d", bit).isEqualTo(135);
      } catch (LtxFormatException e) {
        assertThat(e).hasMessageContaining("page index");
      }
    }
  }

  @Test
  void aTruncatedFileIsRejectedAtEveryByte() {
    byte[] file = GoldenLtx.of(PageEncoding.LZ4_FRAME);
    for (int length = 0; length < file.length; length++) {
      byte[] cut = Arrays.copyOf(file, length);
      assertThatThrownBy(() -> LtxPageIndex.read(new InMemory(cut)))
          .as("%d bytes", length)
          .isInstanceOf(LtxFormatException.class);
    }
  }

  @Test
  void anIndexSizeLargerThanTheFileIsRejected() {
    byte[] file = GoldenLtx.of(PageEncoding.LZ4_FRAME);
    for (long size : new long[] {Long.MAX_VALUE, -1, Long.MIN_VALUE, 0, 160, 1 << 30}) {
      Bytes.putLong(file, file.length - 24, size);
      assertThatThrownBy(() -> LtxPageIndex.read(new InMemory(file)))
          .isInstanceOf(LtxFormatException.class);
    }
  }

  private static class InMemory implements LtxRandomAccess {

    private final byte[] file;
    final List<Long> requests = new ArrayList<>();

    InMemory(byte[] file) {
      this.file = file;
    }

    @Override
    public long sizeBytes() {
      return file.length;
    }

    @Override
    public void read(long offset, byte[] to, int toOffset, int length) {
      requests.add(offset);
      System.arraycopy(file, Math.toIntExact(offset), to, toOffset, length);
    }
  }

  /** A large file of which only the end exists. */
  private static final class Sparse extends InMemory {

    private final long start;

    Sparse(long start, byte[] end) {
      super(end);
      this.start = start;
    }

    @Override
    public long sizeBytes() {
      return start + super.sizeBytes();
    }

    @Override
    public void read(long offset, byte[] to, int toOffset, int length) {
      super.read(offset - start, to, toOffset, length);
    }
  }
}
