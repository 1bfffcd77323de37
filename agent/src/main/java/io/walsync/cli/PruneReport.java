package io.walsync.cli;

import io.walsync.history.Timeline;
import io.walsync.history.retention.KeepSet;
import io.walsync.history.retention.Pin;
import io.walsync.history.retention.Prune;
import io.walsync.history.retention.PrunePlan;
import io.walsync.history.retention.Tier;
import io.walsync.io.Json;
import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Says what a prune promises, keeps and deletes, for people or as JSON. */
final class PruneReport implements Prune.Progress {

  private final Console console;
  private final boolean isJson;
  private final boolean isVerbose;
  private final ReplicaSource source;
  private final List<LtxFileInfo> deleted = new ArrayList<>();

  PruneReport(Console console, boolean isJson, boolean isVerbose, ReplicaSource source) {
    this.console = console;
    this.isJson = isJson;
    this.isVerbose = isVerbose;
    this.source = source;
  }

  @Override
  public void waiting(long millis) {
    if (isVerbose || console.isTerminal) {
      console.err.println(
          "walsync: waiting for "
              + TimeUnit.MILLISECONDS.toSeconds(millis)
              + " s before anything is deleted, for restores and writers that do not know yet");
    }
  }

  @Override
  public void deleted(List<LtxFileInfo> files) {
    deleted.addAll(files);
    if (isVerbose) {
      for (LtxFileInfo file : files) {
        console.err.println("walsync: deleted " + file);
      }
    }
  }

  List<LtxFileInfo> deleted() {
    return deleted;
  }

  /** For a refusal: what was done so far. */
  String told() {
    return deleted.isEmpty() ? "nothing was deleted" : deleted.size() + " files were deleted";
  }

  /** For a failure, which may have deleted some files of those that were asked for. */
  String known() {
    return deleted.isEmpty()
        ? "no file is known to be deleted"
        : deleted.size() + " files are known to be deleted";
  }

  void print(PrunePlan plan, boolean isDryRun) {
    List<LtxFileInfo> gone = deleted;
    if (isDryRun) {
      gone = new ArrayList<>(plan.keepSet().gone());
      gone.addAll(plan.doomed());
    }
    if (isJson) {
      console.out.println(json(plan, gone, isDryRun));
    } else {
      printTable(plan, gone, isDryRun);
    }
    for (Txid txid : plan.keepSet().unreachablePins()) {
      console.err.println(
          "walsync: WARN: the pinned TXID " + txid + " cannot be restored; unpin it");
    }
  }

  private void printTable(PrunePlan plan, List<LtxFileInfo> gone, boolean isDryRun) {
    KeepSet set = plan.keepSet();
    Table table = new Table("promise", "states", "oldest");
    for (Tier tier : set.policy().tiers()) {
      table.row(
          tier.toString(),
          String.valueOf(set.promisedCount(tier)),
          moment(set, set.oldestPromised(tier)));
    }
    for (Pin pin : plan.pins()) {
      table.row("pin " + pin.name(), "1", moment(set, pin.txid()));
    }
    table.print(console.out);
    console.out.println();
    int left = plan.listed().size() - gone.size();
    console.out.println(
        (isDryRun ? "would delete " : "deleted ")
            + files(gone.size())
            + " ("
            + RestoreReport.size(bytes(gone))
            + ") of "
            + plan.listed().size()
            + ", "
            + (isDryRun ? "would keep " : "kept ")
            + left
            + " ("
            + RestoreReport.size(bytes(plan.listed()) - bytes(gone))
            + ")");
    Timeline after = set.after();
    console.out.println(
        "restorable: "
            + states(set.before())
            + (isDryRun ? "; afterwards " : "; now ")
            + states(after));
    for (LtxFileInfo file : plan.leftAlone()) {
      console.out.println("left alone, not understood or of another history: " + file);
    }
  }

  private static String states(Timeline timeline) {
    List<Timeline.Point> points = timeline.points();
    if (points.isEmpty()) {
      return "nothing";
    }
    Timeline.Point newest = points.get(points.size() - 1);
    return points.size()
        + (points.size() == 1 ? " state, of " : " states, from ")
        + (points.size() == 1 ? "" : time(points.get(0)) + " to ")
        + time(newest);
  }

  private static String moment(KeepSet set, @Nullable Txid txid) {
    for (Timeline.Point point : set.before().points()) {
      if (txid != null && point.txid().equals(txid)) {
        return time(point);
      }
    }
    return "none";
  }

  private static String time(Timeline.Point point) {
    return ReportedTime.text(point.millis());
  }

  private static String files(int count) {
    return count + (count == 1 ? " file" : " files");
  }

  private static long bytes(List<LtxFileInfo> files) {
    long bytes = 0;
    for (LtxFileInfo file : files) {
      bytes += file.sizeBytes();
    }
    return bytes;
  }

  private Json json(PrunePlan plan, List<LtxFileInfo> gone, boolean isDryRun) {
    KeepSet set = plan.keepSet();
    Json json =
        new Json()
            .beginObject()
            .member("replica", source.replica.url())
            .member("dry_run", isDryRun)
            .member("obstacle", plan.obstacle())
            .name("promises")
            .beginArray();
    promises(json, set);
    json.endArray().name("pins").beginArray();
    for (Pin pin : plan.pins()) {
      PinsCommand.json(json.element(), pin);
    }
    json.endArray()
        .member("files", plan.listed().size())
        .member("size", bytes(plan.listed()))
        .member("gone_files", gone.size())
        .member("gone_size", bytes(gone))
        .name("gone")
        .beginArray();
    for (LtxFileInfo file : gone) {
      json.element().beginObject();
      file(json, file);
    }
    json.endArray().name("left_alone").beginArray();
    for (LtxFileInfo file : plan.leftAlone()) {
      json.element().beginObject();
      file(json, file);
    }
    range(json.endArray().name("before"), set.before());
    range(json.name("after"), set.after());
    return json.endObject();
  }

  private static void promises(Json json, KeepSet set) {
    for (Tier tier : set.policy().tiers()) {
      Txid oldest = set.oldestPromised(tier);
      json.element()
          .beginObject()
          .member("promise", tier.toString())
          .member("states", set.promisedCount(tier))
          .member("min_txid", oldest == null ? null : oldest.toString())
          .endObject();
    }
  }

  private static void file(Json json, LtxFileInfo file) {
    json.member("level", file.level())
        .member("min_txid", file.minTxid().toString())
        .member("max_txid", file.maxTxid().toString())
        .member("size", file.sizeBytes())
        .endObject();
  }

  private static void range(Json json, Timeline timeline) {
    List<Timeline.Point> points = timeline.points();
    json.beginObject().member("states", points.size());
    if (!points.isEmpty()) {
      Timeline.Point newest = points.get(points.size() - 1);
      json.member("min_txid", points.get(0).txid().toString())
          .member("max_txid", newest.txid().toString())
          .member("min_timestamp", time(points.get(0)))
          .member("max_timestamp", time(newest));
    }
    json.endObject();
  }
}
