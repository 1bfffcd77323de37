package io.walsync.config;

import java.util.Collections;
import java.util.List;

/**
 * The configuration cannot be used. Each problem is complete: {@code file:line:column: key: what is
 * wrong and what to write instead}; none ever contains a secret.
 */
public final class ConfigException extends Exception {

  private static final long serialVersionUID = 1L;

  /** Most problems that a message lists. */
  private static final int MAX_SHOWN = 50;

  private final transient List<String> problems;

  public ConfigException(String message) {
    super(message);
    this.problems = Collections.singletonList(message);
  }

  ConfigException(String message, Throwable cause) {
    super(message, cause);
    this.problems = Collections.singletonList(message);
  }

  /**
   * @param problems empty if problems that were reported before say it all
   */
  ConfigException(List<String> problems) {
    super(text(problems));
    this.problems = problems;
  }

  private static String text(List<String> problems) {
    return problems.size() <= MAX_SHOWN
        ? String.join("\n", problems)
        : String.join("\n", problems.subList(0, MAX_SHOWN))
            + "\nand "
            + (problems.size() - MAX_SHOWN)
            + " more";
  }

  /** The problems in the order of the file. The message lists them, one a line. */
  List<String> problems() {
    return problems;
  }
}
