package io.walsync.cli;

import io.walsync.config.ReplicaType;
import io.walsync.history.Timeline;
import io.walsync.history.retention.Pin;
import io.walsync.io.Json;
import io.walsync.ltx.Txid;
import io.walsync.replica.ReplicaClient;
import io.walsync.restore.Restore;
import io.walsync.restore.RestoreOptions;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** {@code timeline}: which states can be restored. */
final class TimelineCommand extends ReplicaCommand {

  /** Stores cut the times in their listings to the second. */
  private static final long STORE_UNIT_MILLIS = 1_000;

  TimelineCommand(Console console, ReplicaLookup lookup, ReplicaOpener opener) {
    super("timeline", "Say which states can be restored.", console, lookup, opener);
  }

  @Override
  String[] description() {
    return new String[] {
      "Says from when to when states of a database can be restored, how close they lie, and which"
          + " are lost because files are missing. Fetches nothing. Exits with 3 if there is no"
          + " backup, with 5 if nothing can be restored.",
      "",
      "  walsync timeline s3://bucket/path",
      "  walsync timeline -config walsync.yml /var/lib/app.db",
      ""
    };
  }

  @Override
  void define(CommandSpec spec) {
    replicaArgument(spec);
    flag(
        spec,
        "exact-times",
        "Ask S3 for the time of each commit, a request a file. Default: when the store had it.");
    flag(spec, "json", "Print a JSON object.");
    configOptions(spec);
  }

  @Override
  int run(Arguments arguments) throws Exception {
    ReplicaSource source = lookup.find(arguments);
    try (ReplicaClient client = opener.open(source.replica)) {
      Restore restore = new Restore(client, RestoreOptions.defaults(), new ForeignNotice(console));
      boolean isExact = arguments.isSet("exact-times") || source.replica.type() == ReplicaType.FILE;
      Timeline timeline = Timeline.of(restore.files(isExact));
      if (timeline.fileCount() == 0) {
        source.requireUnknown();
      }
      List<String> damaged = new ArrayList<>();
      List<Pin> pins = PinsCommand.legible(client, damaged);
      if (arguments.isSet("json")) {
        console.out.println(json(source, timeline, pins, isExact));
      } else {
        print(timeline, isExact);
        for (Pin pin : pins) {
          console.out.println(
              "pin: " + pin.name() + ", TXID " + pin.txid() + " of " + time(pin.stateMillis()));
        }
      }
      PinsCommand.tell(damaged, console);
      return exitCode(timeline);
    }
  }

  private static int exitCode(Timeline timeline) {
    if (timeline.fileCount() == 0) {
      return ExitCode.NO_BACKUP;
    }
    return timeline.points().isEmpty() ? ExitCode.DAMAGED : ExitCode.OK;
  }

  private void print(Timeline timeline, boolean isExact) {
    Table table = new Table("from", "to", "first_txid", "last_txid", "states", "precision");
    for (Timeline.Range range : timeline.ranges()) {
      table.row(
          time(range.first()),
          time(range.last()),
          range.first().txid().toString(),
          range.last().txid().toString(),
          String.valueOf(range.pointCount()),
          precision(range, isExact));
    }
    table.print(console.out);
    console.out.println();
    for (Timeline.Gap gap : timeline.gaps()) {
      console.out.println(lost(gap));
    }
    console.out.println(
        "snapshots: "
            + timeline.snapshots().size()
            + ", files: "
            + timeline.fileCount()
            + " ("
            + RestoreReport.size(timeline.sizeBytes())
            + ")");
  }

  private static String time(Timeline.Point point) {
    return time(point.millis());
  }

  private static String time(long millis) {
    return ReportedTime.text(millis);
  }

  /** The longest time between two states, or somewhat more where their times are not known. */
  private static long widestMillis(Timeline.Range range, boolean isExact) {
    boolean isKnown = isExact || range.pointCount() == 1;
    return range.widestMillis() + (isKnown ? 0 : STORE_UNIT_MILLIS);
  }

  private static String precision(Timeline.Range range, boolean isExact) {
    if (range.pointCount() == 1) {
      return "one state";
    }
    return (range.isEveryTxid() ? "every TXID, " : "")
        + "at most "
        + RestoreReport.spanAtMost(widestMillis(range, isExact))
        + " apart";
  }

  static String lost(Timeline.Gap gap) {
    return "lost: "
        + txids(gap.firstMissing(), gap.lastMissing())
        + " are not in the replica, so none of "
        + txids(gap.firstMissing(), gap.lastLost())
        + " can be restored";
  }

  private static String txids(Txid first, Txid last) {
    return "TXIDs " + first + " to " + last;
  }

  private static Json json(
      ReplicaSource source, Timeline timeline, List<Pin> pins, boolean isExact) {
    Json json =
        new Json()
            .beginObject()
            .member("replica", source.replica.url())
            .name("ranges")
            .beginArray();
    for (Timeline.Range range : timeline.ranges()) {
      json.element()
          .beginObject()
          .member("min_txid", range.first().txid().toString())
          .member("max_txid", range.last().txid().toString())
          .member("min_timestamp", time(range.first()))
          .member("max_timestamp", time(range.last()))
          .member("states", range.pointCount())
          .member("every_txid", range.isEveryTxid())
          .member("widest_ms", widestMillis(range, isExact))
          .endObject();
    }
    json.endArray().name("lost").beginArray();
    for (Timeline.Gap gap : timeline.gaps()) {
      json.element()
          .beginObject()
          .member("first_missing_txid", gap.firstMissing().toString())
          .member("last_missing_txid", gap.lastMissing().toString())
          .member("last_lost_txid", gap.lastLost().toString())
          .endObject();
    }
    json.endArray().name("pins").beginArray();
    for (Pin pin : pins) {
      PinsCommand.json(json.element(), pin);
    }
    return json.endArray()
        .member("snapshots", timeline.snapshots().size())
        .member("files", timeline.fileCount())
        .member("size", timeline.sizeBytes())
        .endObject();
  }
}
