package io.walsync.cli;

import io.walsync.history.ProvedState;
import io.walsync.history.Timeline;
import io.walsync.io.Json;
import io.walsync.io.Reason;
import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.restore.RestoreException;
import io.walsync.restore.RestoreResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Collects what a proof has found, and prints it for people or as JSON. */
final class VerifyReport {

  /** Failures in full; the rest is counted. */
  private static final int MAX_SHOWN = 20;

  private final Console console;
  private final boolean isJson;
  private final ReplicaSource source;
  private final String tier;
  private final List<ProvedState> proved = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();
  private final List<String> lost = new ArrayList<>();

  /** Whether the end of a state has the database's checksum recorded, by the file's name. */
  private final Map<String, Boolean> recorded = new TreeMap<>();

  private @Nullable Timeline timeline;
  private @Nullable Txid whole;
  private boolean isNothingWhole;

  VerifyReport(Console console, boolean isJson, ReplicaSource source, String tier) {
    this.console = console;
    this.isJson = isJson;
    this.source = source;
    this.tier = tier;
  }

  void proved(ProvedState state) {
    proved.add(state);
  }

  void failed(Exception reason) {
    failures.add(Reason.of(reason));
  }

  /** One of all states. */
  void failedAt(Txid txid, RestoreException reason) {
    failures.add("TXID " + txid + ": " + Reason.of(reason));
  }

  /** The newest state that none of the failures touches; null if there is none. */
  void whole(@Nullable Txid txid) {
    whole = txid;
    isNothingWhole = txid == null;
  }

  /**
   * What there is to restore at all. States that are lost for ever, since files are missing, are no
   * failure once newer ones do not need them: nothing could be done about it any more.
   */
  void of(Timeline known) {
    timeline = known;
    for (Timeline.Gap gap : known.gaps()) {
      Timeline.Point next = known.firstBehind(gap);
      if (next == null) {
        failures.add(TimelineCommand.lost(gap));
      } else {
        lost.add(
            TimelineCommand.lost(gap)
                + "; from TXID "
                + next.txid()
                + " of "
                + ReportedTime.text(next.millis())
                + " on states can be restored again");
      }
    }
  }

  /** Whether the database's checksum at the end of a file was recorded. */
  void recorded(LtxFileInfo file, boolean isRecorded) {
    recorded.put(file.toString(), isRecorded);
  }

  /** What of the files says that not only one program wrote them; null if nothing does. */
  private @Nullable String foreign() {
    String first = null;
    int count = 0;
    for (Map.Entry<String, Boolean> each : recorded.entrySet()) {
      if (!each.getValue()) {
        first = first == null ? each.getKey() : first;
        count++;
      }
    }
    return first == null || count == recorded.size()
        ? null
        : count
            + " of "
            + recorded.size()
            + " files were written by something else than the rest, or copied without their"
            + " attributes: they have no checksum of the database, the first is "
            + first
            + ". Each is whole, but whether its state is the one that was committed is not compared";
  }

  /**
   * @return the exit code
   */
  int print() {
    if (isJson) {
      console.out.println(json());
    } else {
      for (ProvedState state : proved) {
        console.out.println("proved (" + tier + "): " + words(state));
      }
      if (timeline != null) {
        console.out.println(
            timeline.points().size()
                + " states are listed, from "
                + timeline.fileCount()
                + " files");
      }
    }
    for (String each : lost) {
      console.err.println("walsync: " + each);
    }
    String foreign = foreign();
    if (foreign != null) {
      console.err.println("walsync: WARN: " + foreign);
    }
    if (failures.isEmpty()) {
      return ExitCode.OK;
    }
    for (int i = 0; i < Math.min(MAX_SHOWN, failures.size()); i++) {
      console.err.println("walsync: FAILED: " + failures.get(i));
    }
    if (failures.size() > MAX_SHOWN) {
      console.err.println("walsync: and " + (failures.size() - MAX_SHOWN) + " more");
    }
    console.err.println("walsync: " + advice());
    return ExitCode.DAMAGED;
  }

  private String words(ProvedState state) {
    RestoreResult content = state.content();
    int count = state.plan().files().size();
    StringBuilder words = new StringBuilder("TXID ").append(state.plan().txid());
    if (content != null) {
      words.append(" of ").append(ReportedTime.text(content.timestampMillis()));
    }
    words.append(", ").append(count).append(count == 1 ? " file (" : " files (");
    words.append(RestoreReport.size(state.plan().sizeBytes())).append(')');
    if (content == null) {
      words.append(" are there");
      if (state.unrecordedCount() > 0) {
        words.append(", ").append(state.unrecordedCount()).append(" without a recorded SHA-256");
      }
      return words.append("; their content was not read").toString();
    }
    return words
        .append(", ")
        .append(content.pageCount())
        .append(" pages; the database's checksum ")
        .append(Long.toHexString(content.checksum()))
        .append(
            state.isChecksumRecorded()
                ? " is the one recorded at its commit"
                : " was not recorded at its commit, so it is not compared")
        .toString();
  }

  private String advice() {
    String all = "states that need such a file are lost";
    if (isNothingWhole) {
      return all
          + ", which is every state there is: nothing can be restored before the agent has uploaded"
          + " a snapshot. Where a file is damaged and not missing, move it out of the replica: the"
          + " agent only sees what is missing, and uploads a snapshot then at the application's next"
          + " start (while it runs, it looks about once an hour if anything is committed, else once a"
          + " day)";
    }
    return whole == null
        ? all + ". Look for one that is whole with verify -txid, from the newest down"
        : all
            + "; the newest state that needs none of them is TXID "
            + whole
            + ": restore it with -txid "
            + whole
            + ". Where a file is damaged and not missing, delete it from the replica. The agent misses"
            + " what a restore of the newest state needs at the application's next start (while it"
            + " runs, it looks about once an hour if anything is committed, else once a day) and"
            + " uploads a snapshot of the database as it is then";
  }

  private Json json() {
    Json json =
        new Json()
            .beginObject()
            .member("replica", source.replica.url())
            .member("tier", tier)
            .member("outcome", failures.isEmpty() ? "proved" : "failed")
            .name("proved")
            .beginArray();
    for (ProvedState state : proved) {
      json.element()
          .beginObject()
          .member("txid", state.plan().txid().toString())
          .member("files", state.plan().files().size())
          .member("size", state.plan().sizeBytes());
      RestoreResult content = state.content();
      if (content != null) {
        json.member("timestamp", ReportedTime.text(content.timestampMillis()))
            .member("pages", content.pageCount())
            .member("checksum", Long.toHexString(content.checksum()))
            .member("checksum_recorded", state.isChecksumRecorded());
      }
      json.endObject();
    }
    json.endArray().name("failures").beginArray();
    for (String failure : failures) {
      json.element().beginObject().member("reason", failure).endObject();
    }
    json.endArray().name("lost").beginArray();
    for (String each : lost) {
      json.element().beginObject().member("reason", each).endObject();
    }
    json.endArray().member("foreign", foreign());
    return (whole == null ? json : json.member("whole_txid", whole.toString())).endObject();
  }
}
