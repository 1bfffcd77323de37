package io.walsync.db.lineage;

import io.walsync.ltx.Crc64;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * What a page of a database holds, piece by piece: the rows of a table, the entries of an index, or
 * the page as a whole. A piece is known by a checksum that does not change as SQLite moves it to
 * another place or page.
 */
final class Cells {

  /** Receives the pieces of a page. */
  interface Sink {
    /**
     * One piece.
     *
     * @param isWhole whether it is a row or an entry, and not what may stand on a page by chance
     */
    void take(long piece, boolean isWhole);
  }

  private static final int INDEX_INTERIOR = 2;
  private static final int TABLE_INTERIOR = 5;
  private static final int INDEX_LEAF = 10;
  private static final int TABLE_LEAF = 13;

  private static final int FIRST_PAGE_OFFSET = 100;

  /** Of numbers of the application's in the header: the user version and the application's id. */
  private static final int[] NUMBER_OFFSETS = {60, 68};

  private static final int NUMBER_BYTES = 4;
  private static final int AUTO_VACUUM_OFFSET = 52;
  private static final int FIRST_POINTER_MAP = 2;
  private static final int POINTER_MAP_ENTRY = 5;
  private static final int CELL_COUNT_OFFSET = 3;
  private static final int LEAF_HEADER = 8;
  private static final int INTERIOR_HEADER = 12;
  private static final int POINTER_BYTES = 4;
  private static final int MAX_VARINT_BYTES = 9;

  private static final List<String> SCHEMA_KINDS =
      Arrays.asList("table", "index", "view", "trigger");
  private static final int SCHEMA_COLUMNS = 5;
  private static final int SCHEMA_ROOT = 3;
  private static final int FIRST_TEXT = 13;

  /** How long a number is, by its type; none for NULL, 0 and 1. */
  private static final int[] INTEGERS = {0, 1, 2, 3, 4, 6, 8, 8, 0, 0};

  private final byte[] page;
  private final Sink sink;
  private final int header;
  private final int type;

  /** Where the last {@link #varint} ended. */
  private int at;

  private Cells(int pgno, byte[] page, Sink sink) {
    this.page = page;
    this.sink = sink;
    this.header = pgno == 1 ? FIRST_PAGE_OFFSET : 0;
    this.type = page[header];
  }

  static void of(int pgno, byte[] page, Sink sink) {
    Cells cells = new Cells(pgno, page, sink);
    if (pgno == 1) {
      for (int offset : NUMBER_OFFSETS) {
        sink.take(Crc64.update(offset, page, offset, NUMBER_BYTES), true);
      }
    }
    cells.read();
  }

  /** Whether a database keeps pages that tell where others belong: they are SQLite's own. */
  static boolean hasPointerMap(byte[] firstPage) {
    return ByteBuffer.wrap(firstPage).getInt(AUTO_VACUUM_OFFSET) != 0;
  }

  /** Whether a page is one of those, in a database that has them. */
  static boolean isPointerMap(int pgno, int pageSize) {
    return pgno >= FIRST_POINTER_MAP
        && (pgno - FIRST_POINTER_MAP) % (pageSize / POINTER_MAP_ENTRY + 1) == 0;
  }

  private void read() {
    if (type == TABLE_INTERIOR) {
      // Which pages there are, and nothing that was committed.
      return;
    }
    boolean isLeaf = type == TABLE_LEAF || type == INDEX_LEAF;
    if (!isLeaf && type != INDEX_INTERIOR) {
      // The rest of a long row, or unused. It begins with the number of the page that follows.
      piece(header + POINTER_BYTES, page.length, 0, false);
      return;
    }
    int count = shortAt(header + CELL_COUNT_OFFSET);
    int pointers = header + (isLeaf ? LEAF_HEADER : INTERIOR_HEADER);
    for (int cell = 0; cell < count && pointers + 2 * cell + 1 < page.length; cell++) {
      cell(shortAt(pointers + 2 * cell) + (isLeaf ? 0 : POINTER_BYTES));
    }
  }

  private void cell(int start) {
    at = start;
    long payload = varint();
    if (type == TABLE_LEAF) {
      varint();
    }
    int end = (int) Math.min(page.length, at + local(payload));
    if (type != TABLE_LEAF || !isSchema(end)) {
      // An entry of an index may move from a leaf to where the leaves are told.
      piece(start, end, type == TABLE_LEAF ? TABLE_LEAF : INDEX_LEAF, true);
    }
  }

  /**
   * Takes a row that describes a table or the like, without its number and the page where the table
   * begins: SQLite changes both as it rewrites a database. Does nothing for other rows.
   *
   * @param end of the row, whose payload begins where the last number ended
   */
  private boolean isSchema(int end) {
    int start = at;
    long headerBytes = varint();
    long[] types = new long[SCHEMA_COLUMNS];
    for (int column = 0; column < SCHEMA_COLUMNS; column++) {
      types[column] = varint();
    }
    long kindBytes = textBytes(types[0]);
    long root = at + kindBytes + textBytes(types[1]) + textBytes(types[2]);
    long rootType = types[SCHEMA_ROOT];
    if (headerBytes != at - start || root > end || rootType < 0 || rootType >= INTEGERS.length) {
      return false;
    }
    if (!SCHEMA_KINDS.contains(new String(page, at, (int) kindBytes, StandardCharsets.US_ASCII))) {
      return false;
    }
    int afterRoot = Math.min(end, (int) root + INTEGERS[(int) rootType]);
    long names = Crc64.update(TABLE_INTERIOR, page, at, (int) root - at);
    sink.take(Crc64.update(names, page, afterRoot, end - afterRoot), true);
    return true;
  }

  /** Length of a text by its type; more than a page holds if it is none. */
  private long textBytes(long type) {
    boolean isText = type >= FIRST_TEXT && type % 2 == 1;
    return isText ? Math.min(page.length + 1, (type - FIRST_TEXT) / 2) : page.length + 1;
  }

  /** How much of a payload stands on the page; behind it is the number of another page. */
  private long local(long payload) {
    int usable = page.length;
    int least = (usable - 12) * 32 / 255 - 23;
    int most = type == TABLE_LEAF ? usable - 35 : (usable - 12) * 64 / 255 - 23;
    if (payload <= most) {
      return payload;
    }
    long wanted = least + (payload - least) % (usable - 4);
    return wanted <= most ? wanted : least;
  }

  private void piece(int from, int to, int kind, boolean isWhole) {
    if (from < to) {
      sink.take(Crc64.update(kind, page, from, to - from), isWhole);
    }
  }

  private int shortAt(int offset) {
    return (page[offset] & 0xff) << 8 | page[offset + 1] & 0xff;
  }

  private long varint() {
    long value = 0;
    for (int i = 1; at < page.length; i++) {
      byte next = page[at++];
      if (i == MAX_VARINT_BYTES) {
        return Math.abs(value << 8 | next & 0xff);
      }
      value = value << 7 | next & 0x7f;
      if (next >= 0) {
        break;
      }
    }
    return value;
  }
}
