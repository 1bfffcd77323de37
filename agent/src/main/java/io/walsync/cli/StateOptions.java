package io.walsync.cli;

import io.walsync.ltx.Txid;
import io.walsync.restore.RestoreOptions;
import io.walsync.restore.RestoreTarget;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;

/** The options that say which state of a replica is meant, and how it is fetched. */
final class StateOptions {

  private StateOptions() {}

  static void define(CommandSpec spec) {
    Command.value(
        spec, "txid", "HEX", "The state at this TXID, 16 hex digits. Default: the latest state.");
    Command.value(
        spec, "timestamp", "TIME", "The newest state before a time such as 2026-01-31T12:00:00Z.");
  }

  static void defineParallelism(CommandSpec spec) {
    Command.value(
        spec,
        "parallelism",
        "N",
        "Ranges fetched at a time, 1 to "
            + RestoreOptions.MAX_PARALLELISM
            + ". Default: "
            + RestoreOptions.DEFAULT_PARALLELISM
            + ".");
  }

  static int parallelism(Arguments arguments) throws UsageException {
    return arguments.number(
        "parallelism", 1, RestoreOptions.MAX_PARALLELISM, RestoreOptions.DEFAULT_PARALLELISM);
  }

  static RestoreTarget target(Arguments arguments) throws UsageException {
    String txid = arguments.text("txid");
    String timestamp = arguments.text("timestamp");
    if (txid != null && timestamp != null) {
      throw new UsageException("-txid and -timestamp exclude each other");
    }
    if (txid != null) {
      try {
        return RestoreTarget.at(Txid.parse(txid.toLowerCase(Locale.ROOT)));
      } catch (IllegalArgumentException e) {
        throw new UsageException("-txid must be 16 hex digits and not zero, not " + txid);
      }
    }
    return timestamp == null ? RestoreTarget.latest() : RestoreTarget.before(millis(timestamp));
  }

  private static long millis(String timestamp) throws UsageException {
    try {
      return OffsetDateTime.parse(timestamp).toInstant().toEpochMilli();
    } catch (DateTimeException | ArithmeticException e) {
      throw new UsageException(
          "-timestamp must be a time with a zone such as 2026-01-31T12:00:00Z, not " + timestamp);
    }
  }
}
