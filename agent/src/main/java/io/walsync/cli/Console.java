package io.walsync.cli;

import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import org.jspecify.annotations.Nullable;

/** Where a command writes: results to {@code out}, all else to {@code err}. */
final class Console {

  private static final int DEFAULT_WIDTH = 80;
  private static final int MAX_WIDTH = 120;

  final PrintStream out;
  final PrintStream err;

  /** Whether a person watches {@link #err}. */
  final boolean isTerminal;

  Console(PrintStream out, PrintStream err, boolean isTerminal) {
    this.out = out;
    this.err = err;
    this.isTerminal = isTerminal;
  }

  static Console system() {
    return new Console(System.out, System.err, isTerminal());
  }

  /**
   * Asks for descriptor 2 itself where /proc has it: {@code System.console()} looks at others, and
   * since Java 22 loads a terminal library to answer.
   */
  private static boolean isTerminal() {
    File descriptor = new File("/proc/self/fd/2");
    if (!descriptor.exists() && !new File("/proc/self").exists()) {
      return isWatched(System.console());
    }
    try {
      String target = descriptor.getCanonicalPath();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException e) {
      return false;
    }
  }

  /** Since Java 22 there is a console also where nobody watches, and it can be asked. */
  static boolean isWatched(java.io.@Nullable Console console) {
    if (console == null) {
      return false;
    }
    try {
      return (Boolean) java.io.Console.class.getMethod("isTerminal").invoke(console);
    } catch (NoSuchMethodException beforeJava22) {
      return true;
    } catch (ReflectiveOperationException notTold) {
      return false;
    }
  }

  /** Columns of the terminal as far as the shell tells. */
  static int width(@Nullable String columns) {
    if (columns == null || !columns.matches("[0-9]{2,4}")) {
      return DEFAULT_WIDTH;
    }
    return Math.min(Integer.parseInt(columns), MAX_WIDTH);
  }
}
