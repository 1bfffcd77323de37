package io.walsync.ltx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LtxDecoderTest {

  @ParameterizedTest
  @EnumSource(PageEncoding.class)
  void aTruncatedFileIsRejectedAtEveryByte(PageEncoding encoding) throws IOException {
    byte[] file = smallFile(encoding);
    for (int length = 0; length < file.length; length++) {
      byte[] cut = Arrays.copyOf(file, length);
      assertThatThrownBy(() -> LtxFiles.read(cut))
          .as("%d bytes", length)
          .isInstanceOf(LtxFormatException.class)
          .hasMessageContaining("the file ends");
    }
  }

  @ParameterizedTest
  @EnumSource(PageEncoding.class)
  void everySingleBitFlipIsDetectedOrHarmless(PageEncoding encoding) throws IOException {
    byte[] file = smallFile(encoding);
    SortedMap<Integer, ByteBuffer> pages = LtxFiles.read(file);
    int harmless = 0;
    for (int bit = 0; bit < 8 * file.length; bit++) {
      byte[] flipped = file.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      try {
        assertThat(LtxFiles.read(flipped)).as("bit %d", bit).isEqualTo(pages);
        harmless++;
      } catch (LtxFormatException e) {
        assertThat(e).hasMessageContaining("damaged at byte");
      }
    }
    assertThat(harmless).as("other spellings of the same LZ4 block").isLessThan(50);
  }

  @Test
  void damageEndsInTheTypedExceptionOrInAProvedFile() throws IOException {
    Random random = new Random(61);
    byte[][] files = {smallFile(PageEncoding.LZ4_FRAME), smallFile(PageEncoding.LZ4_BLOCK)};
    for (int round = 0; round < 60_000; round++) {
      byte[] file = files[round & 1];
      byte[] damaged = Arrays.copyOf(file, file.length - random.nextInt(8) + 4);
      for (int i = random.nextInt(5); i >= 0; i--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }
      assertTypedOrProved(damaged, file, "round " + round);
    }
  }

  @Test
  void randomBytesAfterAHeaderEndInTheTypedException() {
    Random random = new Random(62);
    for (int round = 0; round < 60_000; round++) {
      byte[] bytes = new byte[LtxHeader.SIZE + random.nextInt(300)];
      random.nextBytes(bytes);
      int pageSize = 512 << random.nextInt(8);
      byte[] header = LtxFiles.header(pageSize, 4, 1 + random.nextInt(2), 5).build().encode();
      System.arraycopy(header, 0, bytes, 0, header.length);
      for (int i = LtxHeader.SIZE; i < Math.min(bytes.length, LtxHeader.SIZE + 3); i++) {
        bytes[i] = 0;
      }
      assertThatThrownBy(() -> LtxFiles.read(bytes)).isInstanceOf(LtxFormatException.class);
    }
  }

  @Test
  void aStreamThatReturnsOneByteAtATimeIsRead() throws IOException {
    byte[] file = smallFile(PageEncoding.LZ4_FRAME);
    InputStream dripping =
        new ByteArrayInputStream(file) {
          @Override
          public synchronized int read(byte[] to, int offset, int length) {
            return super.read(to, offset, Math.min(1, length));
          }
        };
    LtxDecoder decoder = new LtxDecoder(dripping);
    byte[] page = new byte[512];
    int count = 0;
    while (decoder.nextPage(page) != 0) {
      count++;
    }
    assertThat(count).isEqualTo(4);
  }

  @Test
  void bothEncodingsMayStandInOneFile() throws IOException {
    SortedMap<Integer, byte[]> pages = LtxFiles.pages(new Random(63), 512, 6);
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    ByteArrayOutputStream index = new ByteArrayOutputStream();
    byte[] header = LtxFiles.header(512, 6, 1, 1).build().encode();
    file.write(header);
    long crc = Crc64.update(0, header, 0, header.length);
    byte[] frame = new byte[PageFrame.maxSize(512)];
    byte[] entry = new byte[PageIndexEntry.MAX_SIZE];
    for (int pgno : pages.keySet()) {
      byte[] page = pages.get(pgno);
      PageEncoding encoding = PageEncoding.values()[pgno % 2];
      int size = PageFrame.encode(pgno, encoding, new Lz4Compressor(), page, 0, 512, frame, 0);
      index.write(entry, 0, PageIndexEntry.put(entry, 0, pgno, file.size(), size));
      file.write(frame, 0, size);
      crc = PageFrame.checksum(crc, frame, 0, page, 0, 512);
    }
    index.write(0);
    ByteBuffer tail = ByteBuffer.allocate(6 + index.size() + 24);
    tail.put(new byte[6]).put(index.toByteArray()).putLong(index.size()).putLong(0);
    crc = Crc64.update(crc, tail.array(), 0, tail.position());
    tail.putLong(Crc64.STORED_FLAG | crc);
    file.write(tail.array());

    assertThat(LtxFiles.read(file.toByteArray())).isEqualTo(LtxFiles.wrap(pages));
  }

  @Test
  void aTrackedSnapshotIsCheckedAgainstItsDatabaseChecksum() throws IOException {
    LtxHeader tracked =
        GoldenLtx.header().toBuilder().flags(0).walOffset(0).walSize(0).walSalts(0, 0).build();
    byte[] right = tracked(tracked, 0x8356444fecd9901eL);
    assertThat(LtxFiles.read(right)).hasSize(1);

    assertThatThrownBy(() -> LtxFiles.read(tracked(tracked, 0x8356444fecd9901fL)))
        .isInstanceOf(LtxFormatException.class)
        .hasMessageContaining("checksum of the database");
    assertThatThrownBy(() -> LtxFiles.read(tracked(tracked, 5)))
        .isInstanceOf(LtxFormatException.class)
        .hasMessageContaining("flag bit");
  }

  @Test
  void aTrackedIncrementIsReadWithoutACheckOfTheDatabase() {
    LtxHeader tracked =
        LtxFiles.header(512, 1, 2, 2).flags(0).preApplyChecksum(Crc64.STORED_FLAG | 1).build();
    byte[] file = tracked(tracked, Crc64.STORED_FLAG | 5);
    assertThatCode(() -> LtxFiles.read(file)).doesNotThrowAnyException();
  }

  @Test
  void aPostApplyChecksumWithoutTheFlagForItIsRejected() {
    byte[] file = tracked(GoldenLtx.header(), Crc64.STORED_FLAG | 5);
    assertThatThrownBy(() -> LtxFiles.read(file))
        .isInstanceOf(LtxFormatException.class)
        .hasMessageContaining("post-apply");
  }

  @Test
  void pagesOutOfOrderAreRejected() {
    byte[] page = new byte[512];
    LtxHeader.Builder increment = LtxFiles.header(512, 10, 2, 2);
    assertRejected(new LtxForger(increment.build()).page(3, page).page(2, page), "must ascend");
    assertRejected(new LtxForger(increment.build()).page(3, page).page(3, page), "must ascend");
    assertRejected(new LtxForger(increment.build()).page(11, page), "beyond the commit");
    assertRejected(new LtxForger(increment.build()).page(-1, page), "must ascend");
    LtxHeader snapshot = LtxFiles.header(512, 3, 1, 5).build();
    assertRejected(new LtxForger(snapshot).page(1, page).page(3, page), "lacks page 2");
    assertRejected(new LtxForger(snapshot).page(1, page).page(2, page), "instead of 3");
    int lockPage = Pgno.lockPage(65536);
    assertRejected(
        new LtxForger(LtxFiles.header(65536, lockPage, 2, 2).build())
            .page(lockPage, new byte[65536]),
        "lock page");
  }

  @Test
  void anIndexThatDoesNotMatchThePagesIsRejected() {
    LtxHeader header = LtxFiles.header(512, 1, 1, 5).build();
    byte[] page = new byte[512];
    byte[] otherOffset = {1, 101, 27};
    assertRejected(new LtxForger(header).page(1, page).replaceIndex(otherOffset), "page index");
    assertRejected(new LtxForger(header).page(1, page).replaceIndex(new byte[0]), "page index");
    byte[] tooLong = {1, 100, 27, 2, 127, 27};
    assertRejected(new LtxForger(header).page(1, page).replaceIndex(tooLong), "page index");
  }

  @Test
  void bytesAfterTheTrailerAreRejected() throws IOException {
    byte[] file = smallFile(PageEncoding.LZ4_BLOCK);
    assertThatThrownBy(() -> LtxFiles.read(Arrays.copyOf(file, file.length + 1)))
        .isInstanceOf(LtxFormatException.class)
        .hasMessageContaining("after the trailer");
  }

  @Test
  void aDeletionFileIsReadAsNoPages() throws IOException {
    byte[] file = new LtxForger(LtxFiles.header(512, 0, 2, 2).build()).finish();
    assertThat(LtxFiles.read(file)).isEmpty();
  }

  @Test
  void theNameOfTheFileStandsInTheMessage() {
    assertThatThrownBy(() -> new LtxDecoder(new ByteArrayInputStream(new byte[3]), "0000/x.ltx"))
        .hasMessageStartingWith("0000/x.ltx is damaged at byte 0: ");
  }

  private static void assertRejected(LtxForger forger, String message) {
    byte[] file = forger.finish();
    assertThatThrownBy(() -> LtxFiles.read(file))
        .isInstanceOf(LtxFormatException.class)
        .hasMessageContaining(message);
  }

  private static void assertTypedOrProved(byte[] damaged, byte[] intact, String what)
      throws IOException {
    try {
      assertThat(LtxFiles.read(damaged)).as(what).isEqualTo(LtxFiles.read(intact));
    } catch (LtxFormatException e) {
      assertThat(e).as(what).hasMessageContaining("damaged at byte");
    }
  }

  private static byte[] tracked(LtxHeader header, long postApplyChecksum) {
    return new LtxForger(header)
        .page(1, GoldenLtx.page())
        .postApplyChecksum(postApplyChecksum)
        .finish();
  }

  private static byte[] smallFile(PageEncoding encoding) throws IOException {
    SortedMap<Integer, byte[]> pages = LtxFiles.pages(new Random(64), 512, 4);
    return LtxFiles.write(LtxFiles.header(512, 4, 1, 3).build(), encoding, pages);
  }
}
