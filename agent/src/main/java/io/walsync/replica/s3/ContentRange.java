package io.walsync.replica.s3;

import io.walsync.replica.http.HttpResponse;
import org.jspecify.annotations.Nullable;

/**
 * Which bytes an answer holds, {@code bytes <first>-<last>/<size of the object>}, against those
 * asked for. Stores and proxies may ignore a range, or answer a part of it.
 */
final class ContentRange {

  private static final int OK = 200;
  private static final int PARTIAL_CONTENT = 206;

  private ContentRange() {}

  /**
   * What is wrong with an answer, or null if it holds exactly what was asked for.
   *
   * @param length {@link Long#MAX_VALUE} for all from {@code offset} on
   * @param isRange whether a range was asked for
   */
  static @Nullable String problem(
      HttpResponse response, boolean isRange, long offset, long length) {
    if (ObjectHead.isPage(response)) {
      return "the answer is not from an S3 store (is a proxy or a captive portal in between?)";
    }
    String encoding = response.header("Content-Encoding");
    if (encoding != null && encoding.contains("gzip")) {
      return "something in between has compressed it";
    }
    boolean hasKnownEnd =
        response.header("Content-Length") != null || response.header("Transfer-Encoding") != null;
    if (!hasKnownEnd) {
      return "the store does not say where the answer ends";
    }
    if (!isRange) {
      return response.status() == OK ? null : "the store answers with status " + response.status();
    }
    String range = response.header("Content-Range");
    boolean isAsAsked =
        response.status() == PARTIAL_CONTENT && range != null && holds(range, offset, length);
    return isAsAsked
        ? null
        : "the store does not answer the range from " + offset + " but " + range;
  }

  private static boolean holds(String range, long offset, long length) {
    int dash = range.indexOf('-');
    int slash = range.indexOf('/');
    if (!range.startsWith("bytes ") || dash < 0 || slash < dash) {
      return false;
    }
    try {
      long first = Long.parseLong(range.substring("bytes ".length(), dash).trim());
      long last = Long.parseLong(range.substring(dash + 1, slash).trim());
      String size = range.substring(slash + 1).trim();
      boolean isWhatWasAsked = length != Long.MAX_VALUE && last - first == length - 1;
      boolean isUpToTheEnd = size.equals("*") || last == Long.parseLong(size) - 1;
      return first == offset && (isWhatWasAsked || isUpToTheEnd && last - first < length);
    } catch (NumberFormatException e) {
      return false;
    }
  }
}
