package io.walsync.it.harness;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The pages in an LTX file, read from the index at its end: enough to see what was uploaded, and no
 * code in common with the agent's decoder.
 */
public final class LtxIndex {

  private static final int HEADER_BYTES = 100;
  private static final int TRAILER_BYTES = 16;
  private static final int SIZE_FIELD_BYTES = 8;

  private LtxIndex() {}

  /** Where a page stands in the file. */
  record Entry(int pgno, int offset, int length) {}

  public static List<Integer> pageNumbers(byte[] file) {
    return entries(file).stream().map(Entry::pgno).toList();
  }

  static List<Entry> entries(byte[] file) {
    int sizeField = file.length - TRAILER_BYTES - SIZE_FIELD_BYTES;
    long indexBytes = ByteBuffer.wrap(file).getLong(sizeField);
    ByteBuffer index = ByteBuffer.wrap(file, (int) (sizeField - indexBytes), (int) indexBytes);
    List<Entry> entries = new ArrayList<>();
    for (long page = varint(index); page != 0; page = varint(index)) {
      entries.add(new Entry((int) page, (int) varint(index), (int) varint(index)));
    }
    return entries;
  }

  /** Database size in pages after the file was applied. */
  public static int commitPageCount(byte[] file) {
    return ByteBuffer.wrap(file, 0, HEADER_BYTES).getInt(12);
  }

  private static long varint(ByteBuffer bytes) {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = bytes.get();
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
  }
}
