package io.walsync.ltx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LtxEncoderTest {

  @ParameterizedTest
  @ValueSource(ints = {512, 1024, 2048, 4096, 8192, 16384, 32768, 65536})
  void pagesOfEverySizeAreReadBack(int pageSize) throws IOException {
    SortedMap<Integer, byte[]> pages = LtxFiles.pages(new Random(pageSize), pageSize, 50);
    for (PageEncoding encoding : PageEncoding.values()) {
      byte[] file = LtxFiles.write(LtxFiles.header(pageSize, 50, 1, 9).build(), encoding, pages);
      assertThat(LtxFiles.read(file)).isEqualTo(LtxFiles.wrap(pages));
    }
  }

  @ParameterizedTest
  @EnumSource(PageEncoding.class)
  void pagesThatAreNotCompressedAreReadBack(PageEncoding encoding) throws IOException {
    byte[] zero = new byte[4096];
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    LtxEncoder encoder = new LtxEncoder(out, LtxFiles.header(4096, 2, 1, 1).build(), encoding);
    encoder.setCompressing(false);
    encoder.writePage(1, zero, 0);
    long afterFirst = encoder.bytesWritten();
    encoder.setCompressing(true);
    encoder.writePage(2, zero, 0);
    encoder.finish();

    assertThat(afterFirst).isGreaterThan(4096);
    assertThat(encoder.bytesWritten()).isEqualTo(out.size()).isLessThan(afterFirst + 200);
    assertThat(LtxFiles.read(out.toByteArray())).hasSize(2);
  }

  @Test
  void aPageIsTakenFromTheOffsetGiven() throws IOException {
    byte[] source = new byte[1000];
    new Random(1).nextBytes(source);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    LtxEncoder encoder =
        new LtxEncoder(out, LtxFiles.header(512, 1, 1, 1).build(), PageEncoding.LZ4_FRAME);
    encoder.writePage(1, source, 300);
    encoder.finish();
    byte[] read = LtxFiles.read(out.toByteArray()).get(1).array();
    assertThat(read).containsExactly(Arrays.copyOfRange(source, 300, 812));
  }

  @Test
  void pagesThatDoNotAscendAreRefused() throws IOException {
    LtxEncoder encoder = encoder(LtxFiles.header(512, 10, 2, 2));
    encoder.writePage(5, new byte[512], 0);
    for (int pgno : new int[] {5, 4, 0, -1}) {
      assertThatThrownBy(() -> encoder.writePage(pgno, new byte[512], 0))
          .isInstanceOf(LtxFormatException.class)
          .hasMessageContaining("must ascend");
    }
  }

  @Test
  void aPageBeyondTheCommitIsRefused() {
    LtxEncoder encoder = encoder(LtxFiles.header(512, 10, 2, 2));
    assertThatThrownBy(() -> encoder.writePage(11, new byte[512], 0))
        .isInstanceOf(LtxFormatException.class)
        .hasMessageContaining("beyond the commit of 10");
  }

  @ParameterizedTest
  @ValueSource(ints = {512, 1024, 2048, 4096, 8192, 16384, 32768, 65536})
  void theLockPageIsRefused(int pageSize) {
    int lockPage = 0x40000000 / pageSize + 1;
    LtxEncoder encoder = encoder(LtxFiles.header(pageSize, lockPage + 1, 2, 2));
    assertThatThrownBy(() -> encoder.writePage(lockPage, new byte[pageSize], 0))
        .isInstanceOf(LtxFormatException.class)
        .hasMessageContaining("lock page");
  }

  @Test
  void aSnapshotHoldsEveryPage() throws IOException {
    LtxEncoder encoder = encoder(LtxFiles.header(512, 3, 1, 7));
    encoder.writePage(1, new byte[512], 0);
    assertThatThrownBy(() -> encoder.writePage(3, new byte[512], 0))
        .isInstanceOf(LtxFormatException.class)
        .hasMessageContaining("lacks page 2");
    encoder.writePage(2, new byte[512], 0);
    assertThatThrownBy(encoder::finish)
        .isInstanceOf(LtxFormatException.class)
        .hasMessageContaining("ends at page 2 instead of 3");
  }

  @Test
  void aSnapshotStepsOverTheLockPage() throws IOException {
    int lockPage = Pgno.lockPage(65536);
    byte[] page = new byte[65536];
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    LtxEncoder encoder =
        new LtxEncoder(
            out, LtxFiles.header(65536, lockPage + 1, 1, 1).build(), PageEncoding.LZ4_BLOCK);
    for (int pgno = 1; pgno < lockPage; pgno++) {
      encoder.writePage(pgno, page, 0);
    }
    assertThatThrownBy(encoder::finish).isInstanceOf(LtxFormatException.class);
    encoder.writePage(lockPage + 1, page, 0);
    encoder.finish();
    assertThat(LtxFiles.read(out.toByteArray()))
        .hasSize(lockPage)
        .containsKey(lockPage + 1)
        .doesNotContainKey(lockPage);
  }

  @Test
  void anIncrementWithoutPagesHas131Bytes() throws IOException {
    byte[] file =
        LtxFiles.write(
            LtxFiles.header(4096, 10, 2, 2).build(), PageEncoding.LZ4_FRAME, new TreeMap<>());
    assertThat(file).hasSize(131);
    assertThat(LtxFiles.read(file)).isEmpty();
  }

  @Test
  void headersLitestreamCannotRestoreAreRefused() {
    LtxHeader tracked = LtxFiles.header(512, 1, 1, 1).flags(0).build();
    LtxHeader deletion = LtxFiles.header(512, 0, 2, 2).build();
    for (LtxHeader header : new LtxHeader[] {tracked, deletion}) {
      assertThatThrownBy(
              () -> new LtxEncoder(new ByteArrayOutputStream(), header, PageEncoding.LZ4_FRAME))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void nothingIsWrittenAfterTheEnd() throws IOException {
    LtxEncoder encoder = encoder(LtxFiles.header(512, 1, 2, 2));
    encoder.finish();
    assertThatThrownBy(encoder::finish).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> encoder.writePage(1, new byte[512], 0))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aFailureOfTheStreamIsPassedOn() {
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("disk is full");
          }
        };
    LtxEncoder encoder =
        new LtxEncoder(full, LtxFiles.header(512, 1, 2, 2).build(), PageEncoding.LZ4_FRAME);
    assertThatThrownBy(encoder::finish).hasMessage("disk is full");
  }

  private static LtxEncoder encoder(LtxHeader.Builder header) {
    return new LtxEncoder(new ByteArrayOutputStream(), header.build(), PageEncoding.LZ4_FRAME);
  }

  /** What is remembered of the pages, where it is put when there are too many. */
  private static final class Spill implements LtxSpill {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Override
    public void append(byte[] from, int offset, int count) {
      bytes.write(from, offset, count);
    }

    @Override
    public void read(long from, byte[] to, int count) {
      System.arraycopy(bytes.toByteArray(), (int) from, to, 0, count);
    }
  }

  @Test
  void anIndexThatIsTooLargeForMemoryIsWrittenFromWhereItWasPut() throws IOException {
    Spill spill = new Spill();
    ByteArrayOutputStream plain = new ByteArrayOutputStream();
    ByteArrayOutputStream spilled = new ByteArrayOutputStream();
    writeManyPages(new LtxEncoder(plain, manyPages(), PageEncoding.LZ4_BLOCK));
    writeManyPages(new LtxEncoder(spilled, manyPages(), PageEncoding.LZ4_BLOCK, spill));
    assertThat(spill.bytes.size()).isGreaterThan(1 << 20);
    assertThat(Arrays.equals(spilled.toByteArray(), plain.toByteArray())).isTrue();
  }

  private static LtxHeader manyPages() {
    return LtxFiles.header(512, 3_000_000, 2, 2).build();
  }

  private static void writeManyPages(LtxEncoder encoder) throws IOException {
    Random random = new Random(1);
    byte[] page = new byte[512];
    for (int pgno = 1; pgno < 3_000_000; pgno += 1 + random.nextInt(2) * random.nextInt(5)) {
      page[random.nextInt(512)] = (byte) random.nextInt();
      if (random.nextInt(200) == 0) {
        Arrays.fill(page, (byte) 0);
      }
      if (pgno != Pgno.lockPage(512)) {
        encoder.writePage(pgno, page, 0);
      }
    }
    encoder.finish();
  }
}
