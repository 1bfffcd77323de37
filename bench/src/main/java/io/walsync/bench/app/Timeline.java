package io.walsync.bench.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * When which commit had been made: pairs of a wall-clock time and the number of the newest commit,
 * both ascending. A program writes it, its suite reads it.
 *
 * <p>Threading: one thread at a time.
 */
public final class Timeline {

  private final long[] micros;
  private final long[] commits;
  private int size;

  /**
   * @param capacity entries beyond it are dropped
   */
  public Timeline(int capacity) {
    micros = new long[capacity];
    commits = new long[capacity];
  }

  public void add(long atMicros, long commit) {
    if (size < micros.length) {
      micros[size] = atMicros;
      commits[size] = commit;
      size++;
    }
  }

  public int size() {
    return size;
  }

  public long micros(int index) {
    return micros[index];
  }

  public long commit(int index) {
    return commits[index];
  }

  /** When a commit newer than {@code commit} was first seen; {@link Long#MAX_VALUE} if none was. */
  public long firstMicrosAfter(long commit) {
    for (int i = 0; i < size; i++) {
      if (commits[i] > commit) {
        return micros[i];
      }
    }
    return Long.MAX_VALUE;
  }

  public void writeTo(Path file) {
    List<String> lines = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      lines.add(micros[i] + " " + commits[i]);
    }
    try {
      Files.write(file, lines);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }

  public static Timeline readFrom(Path file) {
    try {
      List<String> lines = Files.readAllLines(file);
      Timeline timeline = new Timeline(lines.size());
      for (String line : lines) {
        String[] words = line.split(" ");
        timeline.add(Long.parseLong(words[0]), Long.parseLong(words[1]));
      }
      return timeline;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }
}
