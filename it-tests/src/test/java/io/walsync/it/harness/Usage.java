package io.walsync.it.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a forked JVM uses at one moment.
 *
 * @param heapBytes live, after a collection
 */
public record Usage(int descriptors, int threads, int classes, long heapBytes) {

  /** Asks an application that has a command {@code usage}. */
  public static Usage of(ForkedJvm app) {
    String[] words = app.ask("usage").split(" ");
    return new Usage(
        descriptors(app).size(),
        Integer.parseInt(words[0]),
        Integer.parseInt(words[1]),
        Long.parseLong(words[2]));
  }

  /** What its descriptors stand for; that of a deleted file ends in {@code (deleted)}. */
  public static List<String> descriptors(ForkedJvm app) {
    List<String> targets = new ArrayList<>();
    try (Stream<Path> numbers = Files.list(Path.of("/proc/" + app.pid() + "/fd"))) {
      for (Path number : numbers.toList()) {
        try {
          targets.add(Files.readSymbolicLink(number).toString());
        } catch (IOException closedMeanwhile) {
          continue;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return targets;
  }
}
