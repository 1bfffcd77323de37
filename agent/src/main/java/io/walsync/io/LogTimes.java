package io.walsync.io;

import java.lang.reflect.Field;
import java.text.DateFormat;
import java.text.SimpleDateFormat;
import java.util.Date;
import java.util.Locale;
import java.util.TimeZone;
import org.slf4j.LoggerFactory;
import org.slf4j.simple.SimpleLogger;

/**
 * Times in the log: UTC and ISO 8601, as in the replica and on the command line, whatever locale
 * and time zone the host has. The logging library would write them in the host's, which in some
 * locales is another calendar in other digits.
 */
public final class LogTimes {

  private static final String FORMAT = "yyyy-MM-dd'T'HH:mm:ss.SSS'Z walsync'";

  private static final String FORMAT_OF_TEXT = "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'";

  private LogTimes() {}

  /** Without effect if the library has no such setting any more; a test would tell. */
  public static void useUtc() {
    try {
      // Its configuration is read when the first logger is made.
      LoggerFactory.getLogger("walsync");
      Field parameters = SimpleLogger.class.getDeclaredField("CONFIG_PARAMS");
      parameters.setAccessible(true);
      Object configuration = parameters.get(null);
      Field formatter = configuration.getClass().getDeclaredField("dateFormatter");
      formatter.setAccessible(true);
      formatter.set(configuration, format());
    } catch (ReflectiveOperationException | RuntimeException theLibrarysOwnTimes) {
      return;
    }
  }

  /**
   * A time within a line. Asks nothing of java.time, whose classes stay broken if memory ran out as
   * they were first used, by whomever.
   *
   * @param millis since the epoch
   */
  @SuppressWarnings("JavaUtilDate")
  public static String text(long millis) {
    return format(FORMAT_OF_TEXT).format(new Date(millis));
  }

  static DateFormat format() {
    return format(FORMAT);
  }

  private static DateFormat format(String pattern) {
    SimpleDateFormat format = new SimpleDateFormat(pattern, Locale.ROOT);
    format.setTimeZone(TimeZone.getTimeZone("UTC"));
    return format;
  }
}
