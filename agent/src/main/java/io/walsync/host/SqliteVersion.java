package io.walsync.host;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The version of a SQLite library, and the bugs it is known to have that concern replication. */
public final class SqliteVersion {

  private static final Pattern NUMBERS =
      Pattern.compile("(\\d{1,4})\\.(\\d{1,4})(?:\\.(\\d{1,4}))?");

  private static final int WAL_INTRODUCED = number(3, 7, 0);

  /**
   * Source: sqlite.org/wal.html. The bug is in 3.7.0 to 3.51.2; it is mended in 3.51.3 and two
   * backports.
   */
  private static final int WAL_RESET_MENDED = number(3, 51, 3);

  private final String text;
  private final int number;

  private SqliteVersion(String text, int number) {
    this.text = text;
    this.number = number;
  }

  /**
   * @param text what {@code sqlite_version()} returns
   * @return null if that is no version number
   */
  public static @Nullable SqliteVersion parse(@Nullable String text) {
    if (text == null) {
      return null;
    }
    Matcher matcher = NUMBERS.matcher(text);
    if (!matcher.matches()) {
      return null;
    }
    int patch = matcher.group(3) == null ? 0 : Integer.parseInt(matcher.group(3));
    return new SqliteVersion(
        text,
        number(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)), patch));
  }

  private static int number(int major, int minor, int patch) {
    return major * 100_000_000 + minor * 10_000 + patch;
  }

  /**
   * Whether a checkpoint that runs while another connection resets the WAL can lose commits. The
   * backports 3.44.6 and 3.50.7 do not have the bug.
   */
  public boolean hasWalResetBug() {
    boolean isBackport =
        number >= number(3, 44, 6) && number < number(3, 45, 0)
            || number >= number(3, 50, 7) && number < number(3, 51, 0);
    return number >= WAL_INTRODUCED && number < WAL_RESET_MENDED && !isBackport;
  }

  @Override
  public String toString() {
    return text;
  }
}
