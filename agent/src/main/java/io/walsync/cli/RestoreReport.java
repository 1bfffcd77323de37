package io.walsync.cli;

import io.walsync.io.Json;
import io.walsync.replica.LtxFileInfo;
import io.walsync.restore.ClockDoubt;
import io.walsync.restore.RestorePlan;
import io.walsync.restore.RestoreResult;
import java.io.File;
import org.jspecify.annotations.Nullable;

/** Prints what came of a restore, for people or as JSON with Litestream's names. */
final class RestoreReport {

  private static final String UNITS = "kMGTP";

  private final Console console;
  private final boolean isJson;
  private final ReplicaSource source;
  private final File output;
  private final @Nullable Long moment;

  /**
   * @param moment that was asked for, in milliseconds since the Unix epoch; null if none was
   */
  RestoreReport(
      Console console, boolean isJson, ReplicaSource source, File output, @Nullable Long moment) {
    this.console = console;
    this.moment = moment;
    this.isJson = isJson;
    this.source = source;
    this.output = output;
  }

  void skipped(String reason) {
    if (isJson) {
      console.out.println(
          new Json()
              .beginObject()
              .member("db_path", output.getPath())
              .member("replica", source.replica.url())
              .member("skipped", reason)
              .endObject());
    } else {
      console.out.println("nothing restored to " + output + ": " + reason);
    }
  }

  /**
   * @param integrityCheck as the option was given
   */
  void restored(RestoreResult result, String integrityCheck) {
    long millis = believedMillis(result);
    String time = ReportedTime.text(millis);
    console.out.println(
        isJson ? json(result, integrityCheck, millis, time) : sentence(result, millis, time));
  }

  private Json json(RestoreResult result, String integrityCheck, long millis, String time) {
    Json json =
        new Json()
            .beginObject()
            .member("db_path", output.getPath())
            .member("replica", source.replica.url())
            .member("txid", result.txid().toString())
            .member("timestamp", time);
    if (moment != null) {
      json.member("asked_timestamp", ReportedTime.text(moment))
          .member("before_asked_ms", moment - millis);
    }
    return json.member("size", result.sizeBytes())
        .member("page_size", result.pageSize())
        .member("files", result.plan().files().size())
        .member("duration_ms", result.durationMillis())
        .member("integrity_check", integrityCheck)
        .endObject();
  }

  private String sentence(RestoreResult result, long millis, String time) {
    int count = result.plan().files().size();
    return "restored "
        + output
        + " from "
        + source.replica.url()
        + ": TXID "
        + result.txid()
        + " of "
        + time
        + distance(millis)
        + ", "
        + size(result.sizeBytes())
        + " from "
        + count
        + (count == 1 ? " file" : " files")
        + " in "
        + result.durationMillis() / 1000.0
        + " s";
  }

  /** The time of the restored state, or another where a clock was ahead. */
  private static long believedMillis(RestoreResult result) {
    ClockDoubt doubt = result.plan().doubt();
    return doubt == null || doubt.taken() == null
        ? result.timestampMillis()
        : doubt.believedMillis();
  }

  /** How far the state is from what was asked for. */
  private String distance(long millis) {
    return moment == null
        ? ""
        : ", "
            + span(Math.abs(moment - millis))
            + (millis <= moment ? " before " : " after ")
            + ReportedTime.text(moment);
  }

  /** As {@link #span}, rounded up to what it shows. */
  static String spanAtMost(long millis) {
    long unit;
    if (millis <= 59_900) {
      unit = 100;
    } else if (millis <= 59 * 60_000 + 59_000) {
      unit = 1_000;
    } else {
      unit = millis <= 48 * 3_600_000L - 60_000 ? 60_000 : 3_600_000;
    }
    return span((millis + unit - 1) / unit * unit);
  }

  /** A span of time in its two largest units. */
  static String span(long millis) {
    long seconds = millis / 1000;
    if (seconds < 60) {
      return seconds + "." + millis % 1000 / 100 + " s";
    }
    long minutes = seconds / 60;
    if (minutes < 60) {
      return minutes + " min " + seconds % 60 + " s";
    }
    long hours = minutes / 60;
    return hours < 48
        ? hours + " h " + minutes % 60 + " min"
        : hours / 24 + " days " + hours % 24 + " h";
  }

  void planned(RestorePlan plan) {
    if (isJson) {
      console.out.println(json(plan));
      return;
    }
    console.out.println("from:  " + source.replica.url());
    console.out.println("to:    " + output);
    console.out.println("txid:  " + plan.txid());
    if (moment != null) {
      long millis = plan.newest().createdMillis();
      console.out.println("time:  " + ReportedTime.text(millis) + distance(millis));
    }
    console.out.println("fetch: " + size(plan.sizeBytes()));
    console.out.println();
    Table table = new Table("level", "file", "size", "created");
    for (LtxFileInfo file : plan.files()) {
      table.row(
          String.valueOf(file.level()),
          file.fileName(),
          String.valueOf(file.sizeBytes()),
          ReportedTime.text(file.createdMillis()));
    }
    table.print(console.out);
  }

  private Json json(RestorePlan plan) {
    Json json =
        new Json()
            .beginObject()
            .member("source", source.argument)
            .member("target_path", output.getPath())
            .member("replica", source.replica.url())
            .member("min_txid", plan.files().get(0).minTxid().toString())
            .member("max_txid", plan.txid().toString())
            .name("files")
            .beginArray();
    for (LtxFileInfo file : plan.files()) {
      json.element()
          .beginObject()
          .member("level", file.level())
          .member("name", file.fileName())
          .member("min_txid", file.minTxid().toString())
          .member("max_txid", file.maxTxid().toString())
          .member("size", file.sizeBytes())
          .member("timestamp", ReportedTime.text(file.createdMillis()))
          .endObject();
    }
    return json.endArray().endObject();
  }

  /** Bytes as people read them, in steps of 1000. */
  static String size(long bytes) {
    if (bytes < 1000) {
      return bytes + " bytes";
    }
    int unit = 0;
    long unitBytes = 1000;
    while (tenths(bytes, unitBytes) >= 10_000 && unit < UNITS.length() - 1) {
      unit++;
      unitBytes *= 1000;
    }
    long tenths = tenths(bytes, unitBytes);
    return tenths / 10 + "." + tenths % 10 + " " + UNITS.charAt(unit) + "B";
  }

  private static long tenths(long bytes, long unitBytes) {
    return bytes / unitBytes * 10 + (bytes % unitBytes * 10 + unitBytes / 2) / unitBytes;
  }
}
