package io.walsync.db.lineage;

import java.util.Arrays;

/** Pieces of a page, as {@link Cells} finds them. */
final class Pieces {

  private long[] pieces = new long[16];
  private int count;

  void add(long piece) {
    if (count == pieces.length) {
      pieces = Arrays.copyOf(pieces, 2 * count);
    }
    pieces[count++] = piece;
  }

  long[] all() {
    return Arrays.copyOf(pieces, count);
  }
}
