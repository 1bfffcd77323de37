package io.walsync.restore;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;

/** Remembers which pages were written, and that none was written twice. */
final class RecordingSink implements PageSink {

  private final Set<Long> offsets = new HashSet<>();

  @Override
  public synchronized void write(byte[] pages, int length, long offset) {
    for (long at = offset; at < offset + length; at += 512) {
      assertThat(offsets.add(at)).as("byte %d is written once", at).isTrue();
    }
  }

  synchronized Set<Integer> writtenPages(int pageSize) {
    Set<Integer> pgnos = new HashSet<>();
    for (long offset : offsets) {
      pgnos.add((int) (offset / pageSize) + 1);
    }
    return pgnos;
  }
}
