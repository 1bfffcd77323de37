package io.walsync.bench.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * When which commit had been made: a wall-clock time, the number of the newest commit, both
 * ascending, and how long that commit took. A program writes it, its suite reads it.
 *
 * <p>Threading: one thread at a time.
 */
public final class Timeline {

  private final long[] micros;
  private final long[] commits;
  private final long[] nanos;
  private int size;

  /**
   * @param capacity entries beyond it are dropped
   */
  public Timeline(int capacity) {
    micros = new long[capacity];
    commits = new long[capacity];
    nanos = new long[capacity];
  }

  public void add(long atMicros, long commit) {
    add(atMicros, commit, 0);
  }

  /**
   * @param tookNanos from the call to its return
   */
  public void add(long atMicros, long commit, long tookNanos) {
    if (size < micros.length) {
      micros[size] = atMicros;
      commits[size] = commit;
      nanos[size] = tookNanos;
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

  /** How long that commit took; 0 if it was not asked. */
  public long nanos(int index) {
    return nanos[index];
  }

  /** The newest commit at a moment; 0 if there was none. */
  public long newestAt(long atMicros) {
    long newest = 0;
    for (int i = 0; i < size && micros[i] <= atMicros; i++) {
      newest = commits[i];
    }
    return newest;
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
      lines.add(micros[i] + " " + commits[i] + " " + nanos[i]);
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
        timeline.add(Long.parseLong(words[0]), Long.parseLong(words[1]), Long.parseLong(words[2]));
      }
      return timeline;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }
}
