package io.walsync.config;

import java.util.Collections;
import java.util.List;

/**
 * The configuration cannot be used. Each problem is complete: {@code file:line:column: key: what is
 * wrong and what to write instead}; none ever contains a secret.
 */
public final class ConfigException extends Exception {

  private static final long serialVersionUID = 1L;

  /** Problems in a message; a file that has more is not worth reading to its end. */
  private static final int MAX_SHOWN = 50;

  private final transient List<String> problems;

  public ConfigException(String message) {
    this(message, null);
  }

  ConfigException(String message, Throwable cause) {
    super(message, cause);
    this.problems = Collections.singletonList(message);
  }

  /**
   * @param problems none if others that are known say it all
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

  /** What is wrong, in the order of the file; the message is these, one a line. */
  List<String> problems() {
    return problems;
  }
}
