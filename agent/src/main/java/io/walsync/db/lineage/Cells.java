package io.walsync.db.lineage;

import io.walsync.ltx.Crc64;

/**
 * What a page of a database holds, piece by piece: the rows of a table, the entries of an index, or
 * the page as a whole. A piece is known by a checksum that does not change as SQLite moves it to
 * another place or page.
 */
final class Cells {

  /** Receives the pieces of a page. */
  interface Sink {
    void take(long piece);
  }

  private static final int INDEX_INTERIOR = 2;
  private static final int TABLE_INTERIOR = 5;
  private static final int INDEX_LEAF = 10;
  private static final int TABLE_LEAF = 13;

  private static final int FIRST_PAGE_OFFSET = 100;
  private static final int CELL_COUNT_OFFSET = 3;
  private static final int LEAF_HEADER = 8;
  private static final int INTERIOR_HEADER = 12;
  private static final int POINTER_BYTES = 4;
  private static final int MAX_VARINT_BYTES = 9;

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
    new Cells(pgno, page, sink).read();
  }

  private void read() {
    if (type == TABLE_INTERIOR) {
      // Which pages there are, and nothing that was committed.
      return;
    }
    boolean isLeaf = type == TABLE_LEAF || type == INDEX_LEAF;
    if (!isLeaf && type != INDEX_INTERIOR) {
      // The rest of a long row, or unused. It begins with the number of the page that follows.
      piece(header + POINTER_BYTES, page.length);
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
    piece(start, (int) Math.min(page.length, at + local(payload)));
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

  private void piece(int from, int to) {
    if (from < to) {
      sink.take(Crc64.update(type, page, from, to - from));
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
