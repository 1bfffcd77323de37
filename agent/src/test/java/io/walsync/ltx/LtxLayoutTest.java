package io.walsync.ltx;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.testkit.ByteTable;
import io.walsync.testkit.Checkout;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The tables in the package comment say what the encoder writes. */
class LtxLayoutTest {

  private static final String PACKAGE = "io.walsync.ltx";
  private static final String WITH_FRAME = "page frame with an LZ4 frame";
  private static final String WITH_BLOCK = "page frame with an LZ4 block";

  private Map<String, ByteTable> tables;

  @BeforeEach
  void readTables() throws IOException {
    tables = ByteTable.of(PACKAGE);
  }

  @Test
  void noTableIsMissing() {
    assertThat(tables)
        .containsOnlyKeys(
            "header",
            WITH_FRAME,
            WITH_BLOCK,
            "end marker",
            "page index entry",
            "page index end",
            "trailer");
    assertThat(tables.get("header").size()).isEqualTo(LtxHeader.SIZE);
    assertThat(tables.get("end marker").size()).isEqualTo(PageFrame.HEADER_SIZE);
    assertThat(tables.get("trailer").size()).isEqualTo(LtxTrailer.SIZE);
  }

  @Test
  void fieldsFollowOneAnotherWithoutAGap() {
    tables.forEach(
        (title, table) -> {
          int end = 0;
          for (ByteTable.Field field : table.fields()) {
            assertThat(field.offset()).as(title + ": " + field.name()).isEqualTo(end);
            boolean isOpen = field.size() == ByteTable.OPEN;
            end = isOpen ? ByteTable.OPEN : end + field.size();
          }
          assertThat(end).as(title).isEqualTo(table.size());
        });
  }

  @Test
  void aHeaderHasEachFieldWhereTheTableSays() {
    Map<String, Number> values = new LinkedHashMap<>();
    values.put("magic", 0x4c545831);
    values.put("flags", 0);
    values.put("page size", 65536);
    values.put("commit", 0x01020304);
    values.put("min TXID", 0x1112131415161718L);
    values.put("max TXID", 0x2122232425262728L);
    values.put("timestamp", 0x3132333435363738L);
    values.put("pre-apply checksum", 0xc1c2c3c4c5c6c7c8L);
    values.put("WAL offset", 0x4142434445464748L);
    values.put("WAL size", 0x5152535455565758L);
    values.put("WAL salt-1", 0x61626364);
    values.put("WAL salt-2", 0x71727374);
    values.put("node id", 0x2132435465768798L);
    values.put("reserved", 0);

    byte[] header =
        LtxHeader.builder()
            .flags(0)
            .pageSize(65536)
            .commit(0x01020304)
            .minTxid(Txid.of(0x1112131415161718L))
            .maxTxid(Txid.of(0x2122232425262728L))
            .timestampMillis(0x3132333435363738L)
            .preApplyChecksum(0xc1c2c3c4c5c6c7c8L)
            .walOffset(0x4142434445464748L)
            .walSize(0x5152535455565758L)
            .walSalts(0x61626364, 0x71727374)
            .nodeId(0x2132435465768798L)
            .build()
            .encode();

    ByteTable table = tables.get("header");
    assertThat(table.names()).containsExactlyElementsOf(values.keySet());
    values.forEach(
        (name, value) -> {
          ByteTable.Field field = table.field(name);
          BigInteger unsigned = new BigInteger(Long.toUnsignedString(value.longValue()));
          assertThat(number(header, 0, field)).as(name).isEqualTo(unsigned);
        });
  }

  @ParameterizedTest
  @EnumSource(PageEncoding.class)
  void aFileIsReadByNothingButTheTables(PageEncoding encoding) throws IOException {
    Random random = new Random(3);
    SortedMap<Integer, byte[]> pages = LtxFiles.pages(random, 1024, 300);
    byte[] file = LtxFiles.write(LtxFiles.header(1024, 300, 1, 7).build(), encoding, pages);

    assertThat(new Walk(file, pages).checksum())
        .isEqualTo(number(file, file.length - 16, tables.get("trailer").field("file checksum")));
  }

  @ParameterizedTest
  @EnumSource(PageEncoding.class)
  void aFileOfLitestreamIsReadByNothingButTheTables(PageEncoding encoding) throws IOException {
    byte[] file = GoldenLtx.of(encoding);

    assertThat(new Walk(file, Map.of(1, GoldenLtx.page())).checksum())
        .isEqualTo(number(file, file.length - 16, tables.get("trailer").field("file checksum")));
  }

  private static BigInteger number(byte[] file, int start, ByteTable.Field field) {
    int from = start + field.offset();
    return new BigInteger(1, Arrays.copyOfRange(file, from, from + field.size()));
  }

  /** What of the file checksum's list is there, in the order of the list. */
  private static List<String> checksummed() throws IOException {
    List<String> parts = new ArrayList<>();
    boolean isList = false;
    for (String line : Checkout.packageComment(PACKAGE).split("\n")) {
      isList = isList ? line.startsWith("  ") : line.startsWith("the file checksum covers");
      if (isList && line.startsWith("  ")) {
        parts.add(line.strip().replaceFirst(" {2}.*", ""));
      }
    }
    return parts;
  }

  /** One pass over a file: what stands where, and the bytes that the checksum covers. */
  private final class Walk {

    private final byte[] file;
    private final Map<String, ByteArrayOutputStream> covered = new LinkedHashMap<>();
    private final List<long[]> frames = new ArrayList<>();
    private int at;

    Walk(byte[] file, Map<Integer, byte[]> pages) {
      this.file = file;
      take("header", tables.get("header").size());
      int endMarker = tables.get("end marker").size();
      while (!isZero(at, endMarker)) {
        takeFrame(pages);
      }
      take("end marker", endMarker);
      int indexStart = at;
      for (long[] frame : frames) {
        assertThat(entry()).isEqualTo(frame);
      }
      assertThat(file[at++]).as("no page").isZero();
      cover("page index", indexStart, at);
      assertThat(ByteBuffer.wrap(file).getLong(at)).isEqualTo(at - indexStart);
      take("index size", tables.get("page index end").field("index size").size());
      take("post-apply checksum", tables.get("trailer").field("post-apply checksum").size());
      assertThat(file.length - at).isEqualTo(tables.get("trailer").field("file checksum").size());
      assertThat(frames).hasSameSizeAs(pages.keySet());
    }

    private void takeFrame(Map<Integer, byte[]> pages) {
      int start = at;
      ByteTable framed = tables.get(WITH_FRAME);
      boolean isBlock = number(file, start, framed.field("page flags")).intValue() == 1;
      ByteTable table = isBlock ? tables.get(WITH_BLOCK) : framed;
      int pgno = number(file, start, table.field("page number")).intValue();
      ByteArrayOutputStream each = cover("page frame header", start, start + 6);
      if (isBlock) {
        ByteTable.Field size = table.field("block size");
        at = start + table.field("LZ4 block").offset() + number(file, start, size).intValue();
        each.write(file, start + size.offset(), size.size());
      } else {
        int content = start + table.field("LZ4 frame").offset();
        at = content + lz4FrameSize(content);
      }
      each.writeBytes(pages.get(pgno));
      frames.add(new long[] {pgno, start, at - start});
    }

    private int lz4FrameSize(int offset) {
      try {
        return Lz4Frame.length(file, offset, file.length, 1 << 20);
      } catch (LtxFormatException e) {
        throw new AssertionError(e);
      }
    }

    private long[] entry() {
      List<String> names = tables.get("page index entry").names();
      assertThat(names).containsExactly("page number", "frame offset", "frame size");
      return names.stream().mapToLong(name -> varint()).toArray();
    }

    private long varint() {
      long value = 0;
      for (int shift = 0; ; shift += 7) {
        int next = file[at++];
        value |= (next & 0x7fL) << shift;
        if (next >= 0) {
          return value;
        }
      }
    }

    private boolean isZero(int offset, int length) {
      return Arrays.equals(Arrays.copyOfRange(file, offset, offset + length), new byte[length]);
    }

    private void take(String part, int length) {
      cover(part, at, at + length);
      at += length;
    }

    private ByteArrayOutputStream cover(String part, int from, int to) {
      ByteArrayOutputStream bytes =
          covered.computeIfAbsent(part, any -> new ByteArrayOutputStream());
      bytes.write(file, from, to - from);
      return bytes;
    }

    /** Block size and page are with the header of their frame: they come once for each page. */
    BigInteger checksum() throws IOException {
      List<String> parts = new ArrayList<>(checksummed());
      int frame = parts.indexOf("page frame header");
      assertThat(parts.subList(frame + 1, frame + 3)).containsExactly("block size", "page");
      parts.removeAll(List.of("block size", "page"));
      assertThat(parts).containsExactlyElementsOf(covered.keySet());
      long crc = 0;
      for (String part : parts) {
        byte[] bytes = covered.get(part).toByteArray();
        crc = Crc64.update(crc, bytes, 0, bytes.length);
      }
      return new BigInteger(Long.toUnsignedString(crc | Crc64.STORED_FLAG));
    }
  }
}
