package io.walsync.restore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;

/**
 * A database file in memory, of which at most 1 MiB is kept; knows that nothing is written twice.
 */
final class MemorySink implements PageSink {

  private static final int UNIT = 512;
  private static final int KEPT_BYTES = 1024 * 1024;

  private final byte[] content = new byte[KEPT_BYTES];
  private final BitSet written = new BitSet();
  private long writesUntilFull = Long.MAX_VALUE;

  /** After so many writes the disk is full. */
  synchronized void failAfter(long writes) {
    writesUntilFull = writes;
  }

  @Override
  public synchronized void write(byte[] pages, int length, long offset) throws IOException {
    if (writesUntilFull-- == 0) {
      throw new IOException("No space left on device");
    }
    int first = (int) (offset / UNIT);
    int end = first + length / UNIT;
    assertThat(written.get(first, end).isEmpty()).as("%d is written once", offset).isTrue();
    written.set(first, end);
    if (offset < KEPT_BYTES) {
      int kept = (int) Math.min(length, KEPT_BYTES - offset);
      System.arraycopy(pages, 0, content, (int) offset, kept);
    }
  }

  synchronized byte[] bytes(int length) {
    return Arrays.copyOf(content, length);
  }

  synchronized int writtenPages(int pageSize) {
    return written.cardinality() / (pageSize / UNIT);
  }

  synchronized boolean isWritten(long offset) {
    return written.get((int) (offset / UNIT));
  }
}
