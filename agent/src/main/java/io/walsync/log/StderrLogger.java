package io.walsync.log;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

/**
 * Writes {@code 2026-11-23T08:09:10.123Z walsync INFO Db - message}, the time in UTC, the name
 * without its package; below it a stack trace, if there is one.
 *
 * <p>Threading: any thread; an entry is one call of the stream, so that entries do not mix.
 */
public final class StderrLogger extends LegacyAbstractLogger {

  private static final long serialVersionUID = 1L;
  private static final long MILLIS_PER_SECOND = 1000;
  private static final int NANOS_PER_MILLI = 1_000_000;

  private static volatile int threshold = initialThreshold();

  private final String shortName;

  StderrLogger(String name) {
    this.name = name;
    this.shortName = name.substring(name.lastIndexOf('.') + 1);
  }

  /** Sets the least severe level that is written, for all loggers. INFO to begin with. */
  public static void setLevel(Level level) {
    threshold = level.toInt();
  }

  /** For the command line and for tests, which have no configuration; a host has no need of it. */
  private static int initialThreshold() {
    String level = System.getProperty("walsync.log.level");
    try {
      return (level == null ? Level.INFO : Level.valueOf(level)).toInt();
    } catch (IllegalArgumentException unknown) {
      return Level.INFO.toInt();
    }
  }

  @Override
  public boolean isTraceEnabled() {
    return isEnabled(Level.TRACE);
  }

  @Override
  public boolean isDebugEnabled() {
    return isEnabled(Level.DEBUG);
  }

  @Override
  public boolean isInfoEnabled() {
    return isEnabled(Level.INFO);
  }

  @Override
  public boolean isWarnEnabled() {
    return isEnabled(Level.WARN);
  }

  @Override
  public boolean isErrorEnabled() {
    return isEnabled(Level.ERROR);
  }

  private static boolean isEnabled(Level level) {
    return level.toInt() >= threshold;
  }

  @Override
  protected String getFullyQualifiedCallerName() {
    return null;
  }

  @Override
  protected void handleNormalizedLoggingCall(
      Level level, Marker marker, String pattern, Object[] arguments, Throwable thrown) {
    StringBuilder entry = new StringBuilder();
    appendTime(entry, System.currentTimeMillis());
    entry.append(" walsync ").append(level).append(' ').append(shortName).append(" - ");
    entry.append(MessageFormatter.basicArrayFormat(pattern, arguments));
    if (thrown != null) {
      StringWriter trace = new StringWriter();
      thrown.printStackTrace(new PrintWriter(trace, true));
      entry.append(System.lineSeparator()).append(trace.toString().trim());
    }
    PrintStream stderr = System.err;
    stderr.println(entry);
  }

  /** By hand: the formatters of the JDK bring locale data with them. */
  static void appendTime(StringBuilder text, long epochMillis) {
    LocalDateTime time =
        LocalDateTime.ofEpochSecond(
            Math.floorDiv(epochMillis, MILLIS_PER_SECOND),
            (int) Math.floorMod(epochMillis, MILLIS_PER_SECOND) * NANOS_PER_MILLI,
            ZoneOffset.UTC);
    appendPadded(text, time.getYear(), 4);
    appendPadded(text.append('-'), time.getMonthValue(), 2);
    appendPadded(text.append('-'), time.getDayOfMonth(), 2);
    appendPadded(text.append('T'), time.getHour(), 2);
    appendPadded(text.append(':'), time.getMinute(), 2);
    appendPadded(text.append(':'), time.getSecond(), 2);
    appendPadded(text.append('.'), time.getNano() / NANOS_PER_MILLI, 3);
    text.append('Z');
  }

  private static void appendPadded(StringBuilder text, int value, int digitCount) {
    String digits = Integer.toString(value);
    for (int i = digits.length(); i < digitCount; i++) {
      text.append('0');
    }
    text.append(digits);
  }
}
