package io.walsync.files;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The descriptors of this process, whoever opened them, as Linux lists them in {@code
 * /proc/self/fd}. No file is opened to find out.
 */
public final class Descriptors {

  private static final File LIST = new File("/proc/self/fd");

  private static final File POSITIONS = new File("/proc/self/fdinfo");
  private static final String POSITION = "pos:";

  /** 1 GiB. Every file system allows positions up to twice that. */
  private static final long LEAST_MARK = 1L << 30;

  private Descriptors() {}

  /** Whether this system lists them. */
  public static boolean areListed() {
    return LIST.list() != null;
  }

  /**
   * How many descriptors this process has on each file that has no name any more, by {@link
   * FileIdentity#key}.
   *
   * @return empty also if a descriptor cannot be read, and on systems without such a list
   */
  public static Map<Object, Integer> ofDeletedFiles() {
    String[] numbers = LIST.list();
    Map<Object, Integer> counts = new HashMap<>();
    for (String number : numbers == null ? new String[0] : numbers) {
      try {
        note(LIST.toPath().resolve(number), counts);
      } catch (NoSuchFileException closedMeanwhile) {
        continue;
      } catch (IOException | RuntimeException notTold) {
        return Collections.emptyMap();
      }
    }
    return counts;
  }

  /**
   * How many descriptors this process has at each path, with links resolved. Empty on systems
   * without such a list.
   */
  public static Map<String, Integer> openPaths() {
    String[] numbers = LIST.list();
    Map<String, Integer> counts = new HashMap<>();
    for (String number : numbers == null ? new String[0] : numbers) {
      try {
        Path target = Files.readSymbolicLink(LIST.toPath().resolve(number));
        counts.merge(target.toString(), 1, Integer::sum);
      } catch (IOException | RuntimeException closedMeanwhile) {
        continue;
      }
    }
    return counts;
  }

  /**
   * How many descriptors this process has on a file, by {@link FileIdentity#key}.
   *
   * @return -1 if a descriptor cannot be read, and on systems without such a list
   */
  static int countOf(Object fileKey) {
    String[] numbers = LIST.list();
    int count = 0;
    for (String number : numbers == null ? new String[0] : numbers) {
      try {
        Path descriptor = LIST.toPath().resolve(number);
        Object key = Files.readAttributes(descriptor, "unix:fileKey").get("fileKey");
        count += fileKey.equals(key) ? 1 : 0;
      } catch (NoSuchFileException closedMeanwhile) {
        continue;
      } catch (IOException | RuntimeException notTold) {
        return -1;
      }
    }
    return numbers == null ? -1 : count;
  }

  /**
   * Which file this object has open, as {@link FileIdentity#key}, whatever is at its path now.
   * Moves it to a random position and finds the one descriptor of this process that is there.
   * Afterwards the position is 0.
   *
   * @return null if it cannot be found out
   */
  static @Nullable Object keyOf(RandomAccessFile file) {
    long mark = LEAST_MARK + ThreadLocalRandom.current().nextLong(LEAST_MARK);
    try {
      file.seek(mark);
      Path descriptor = descriptorAt(mark);
      return descriptor == null
          ? null
          : Files.readAttributes(descriptor, "unix:fileKey").get("fileKey");
    } catch (IOException | RuntimeException notTold) {
      return null;
    } finally {
      rewind(file);
    }
  }

  private static void rewind(RandomAccessFile file) {
    try {
      file.seek(0);
    } catch (IOException readsSayWhere) {
      return;
    }
  }

  /** The descriptor at this position; null if there is none, or more than one. */
  private static @Nullable Path descriptorAt(long position) throws IOException {
    String[] numbers = POSITIONS.list();
    Path found = null;
    for (String number : numbers == null ? new String[0] : numbers) {
      if (isAt(position, POSITIONS.toPath().resolve(number))) {
        if (found != null) {
          return null;
        }
        found = LIST.toPath().resolve(number);
      }
    }
    return found;
  }

  private static boolean isAt(long position, Path information) throws IOException {
    try {
      for (String line : Files.readAllLines(information, StandardCharsets.US_ASCII)) {
        if (line.startsWith(POSITION)) {
          return line.substring(POSITION.length()).trim().equals(Long.toString(position));
        }
      }
      return false;
    } catch (NoSuchFileException closedMeanwhile) {
      return false;
    }
  }

  private static void note(Path descriptor, Map<Object, Integer> counts) throws IOException {
    Map<String, Object> file = Files.readAttributes(descriptor, "unix:nlink,fileKey");
    Object linkCount = file.get("nlink");
    Object key = file.get("fileKey");
    if (key != null && linkCount instanceof Number && ((Number) linkCount).longValue() == 0) {
      counts.merge(key, 1, Integer::sum);
    }
  }
}
