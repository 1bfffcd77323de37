package io.walsync.teststore;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What the agent says while this is open: the lines of standard error that hold a word. */
public final class AgentLines implements AutoCloseable {

  private final PrintStream before = System.err;
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();

  public AgentLines() {
    System.setErr(new PrintStream(kept, true, StandardCharsets.UTF_8));
  }

  /** The lines so far that contain each of these. */
  public List<String> with(String... words) {
    return kept.toString(StandardCharsets.UTF_8)
        .lines()
        .filter(line -> List.of(words).stream().allMatch(line::contains))
        .toList();
  }

  @Override
  public void close() {
    System.setErr(before);
    before.print(kept.toString(StandardCharsets.UTF_8));
  }
}
