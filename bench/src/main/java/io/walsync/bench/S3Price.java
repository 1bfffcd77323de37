package io.walsync.bench;

import io.walsync.bench.wire.Exchange;
import io.walsync.bench.wire.RequestKind;
import java.util.List;

/** S3 Standard's list price in us-east-1, US dollars, as of November 2026. */
final class S3Price {

  static final double PUT_AND_LIST_PER_1000 = 0.005;
  static final double GET_PER_1000 = 0.0004;
  static final double STORAGE_PER_GB_MONTH = 0.023;

  private static final double HOURS_PER_MONTH = 730;
  private static final double SECONDS_PER_HOUR = 3_600;

  private S3Price() {}

  /** What requests cost in a month if it goes on as in these seconds. */
  static double requestsPerMonth(List<Exchange> exchanges, double seconds) {
    double dollars = 0;
    for (RequestKind kind : RequestKind.values()) {
      dollars += count(exchanges, kind) * perThousand(kind) / 1_000;
    }
    return dollars / seconds * SECONDS_PER_HOUR * HOURS_PER_MONTH;
  }

  /** Bytes and requests of a window, for an hour. */
  static double perHour(double amount, double seconds) {
    return amount / seconds * SECONDS_PER_HOUR;
  }

  static long count(List<Exchange> exchanges, RequestKind kind) {
    return exchanges.stream().filter(exchange -> exchange.kind() == kind).count();
  }

  private static double perThousand(RequestKind kind) {
    switch (kind) {
      case PUT:
      case LIST:
        return PUT_AND_LIST_PER_1000;
      case GET:
        return GET_PER_1000;
      default:
        return 0;
    }
  }
}
