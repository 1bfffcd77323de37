package io.walsync.capture;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;

/**
 * The descriptors of this process, whoever opened them, as Linux lists them. Nothing is opened by
 * asking: what stands in the list is looked at by name.
 */
final class Descriptors {

  private static final File LIST = new File("/proc/self/fd");

  private Descriptors() {}

  /**
   * How many descriptors this process has on each file that has no name any more, by {@link
   * FileIdentity#key}.
   *
   * @return empty also if any descriptor cannot be told, and on systems without such a list
   */
  static Map<Object, Integer> ofDeletedFiles() {
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
   * How many descriptors this process has on a file, by {@link FileIdentity#key}.
   *
   * @return -1 if any descriptor cannot be told, and on systems without such a list
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

  private static void note(Path descriptor, Map<Object, Integer> counts) throws IOException {
    Map<String, Object> file = Files.readAttributes(descriptor, "unix:nlink,fileKey");
    if (((Number) file.get("nlink")).longValue() == 0) {
      counts.merge(file.get("fileKey"), 1, Integer::sum);
    }
  }
}
