package io.walsync.history.retention;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One promise of a {@link Policy}: how far back it reaches, and how close the states lie. Between
 * them are boundaries, whole multiples of a duration since the Unix epoch (weeks begin on Monday)
 * or the first of a month or year, in UTC; promised is the state at each boundary. Immutable.
 */
public final class Tier {

  private static final long DAY = TimeUnit.DAYS.toMillis(1);
  private static final long WEEK = 7 * DAY;

  /** The first Monday after the Unix epoch. */
  private static final long MONDAY = 4 * DAY;

  private static final long MONTH = 31 * DAY;
  private static final long YEAR = 366 * DAY;

  /** A hundred years; more is a wrong unit. */
  private static final long MAX_SPAN = 100 * YEAR;

  private static final Pattern TEXT =
      Pattern.compile("(\\d{1,9})\\s*([a-z]+)\\s+every\\s+(\\d{1,9})?\\s*([a-z]+)");

  private final String text;
  private final long spanMillis;

  /** 0 for every commit. */
  private final long everyMillis;

  /** Of a calendar unit; 0 for a duration. */
  private final int everyMonths;

  private Tier(String text, long spanMillis, long everyMillis, int everyMonths) {
    this.text = text;
    this.spanMillis = spanMillis;
    this.everyMillis = everyMillis;
    this.everyMonths = everyMonths;
  }

  /**
   * @param text such as {@code 1h every commit}, {@code 24h every 30s}, {@code 7d every 1h}, {@code
   *     1y every month}
   * @throws IllegalArgumentException with what is wrong, in words that go on after the text
   */
  public static Tier parse(String text) {
    String plain = text.trim().toLowerCase(Locale.ROOT).replaceAll("\\s+", " ");
    Matcher matcher = TEXT.matcher(plain);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "is no promise such as \"1h every commit\", \"24h every 30s\" or \"1y every month\"");
    }
    long span = Long.parseLong(matcher.group(1)) * unit(matcher.group(2));
    if (span <= 0 || span > MAX_SPAN) {
      throw new IllegalArgumentException("must reach back from 1s to 100y");
    }
    String word = matcher.group(4);
    if (word.equals("commit")) {
      if (matcher.group(3) != null) {
        throw new IllegalArgumentException("must say \"every commit\", without a number");
      }
      return new Tier(plain, span, 0, 0);
    }
    long count = matcher.group(3) == null ? 1 : Long.parseLong(matcher.group(3));
    long every = count * unit(word);
    if (every <= 0 || every > span) {
      throw new IllegalArgumentException("has states further apart than it reaches back");
    }
    boolean isMonth = word.startsWith("mo");
    boolean isYear = word.startsWith("y");
    return new Tier(plain, span, every, isMonth ? (int) count : isYear ? (int) (12 * count) : 0);
  }

  private static long unit(String word) {
    switch (word) {
      case "s":
      case "second":
        return TimeUnit.SECONDS.toMillis(1);
      case "m":
      case "min":
      case "minute":
        return TimeUnit.MINUTES.toMillis(1);
      case "h":
      case "hour":
        return TimeUnit.HOURS.toMillis(1);
      case "d":
      case "day":
        return DAY;
      case "w":
      case "week":
        return WEEK;
      case "mo":
      case "month":
        return MONTH;
      case "y":
      case "year":
        return YEAR;
      default:
        throw new IllegalArgumentException(
            "has the unknown unit \"" + word + "\"; there are s, m, h, d, w, month, y");
    }
  }

  boolean isEveryCommit() {
    return everyMillis == 0;
  }

  /** The beginning of the window that ends at a moment; milliseconds since the Unix epoch. */
  long windowStart(long endMillis) {
    return endMillis < Long.MIN_VALUE + spanMillis ? Long.MIN_VALUE : endMillis - spanMillis;
  }

  /** The last boundary at or before a moment. Not for every commit. */
  long boundaryUpTo(long millis) {
    if (everyMonths > 0) {
      LocalDate day = Instant.ofEpochMilli(millis).atZone(ZoneOffset.UTC).toLocalDate();
      long months = 12L * day.getYear() + day.getMonthValue() - 1;
      long begin = Math.floorDiv(months, everyMonths) * everyMonths;
      return LocalDate.of((int) Math.floorDiv(begin, 12L), (int) Math.floorMod(begin, 12L) + 1, 1)
          .atStartOfDay(ZoneOffset.UTC)
          .toInstant()
          .toEpochMilli();
    }
    long offset = everyMillis % WEEK == 0 ? MONDAY : 0;
    return Math.floorDiv(millis - offset, everyMillis) * everyMillis + offset;
  }

  /** As it is written. */
  @Override
  public String toString() {
    return text;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Tier && text.equals(((Tier) other).text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }
}
