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

  /**
   * Has no effect if the logging library drops the setting in a later version; a test would fail
   * then.
   */
  public static void useUtc() {
    try {
      // The library reads its configuration when the first logger is made.
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
   * A time within a line. Does not use java.time: its classes stay broken for good if memory runs
   * out while anybody in the process uses them for the first time.
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
