package io.walsync.cli;

import io.walsync.history.compaction.Compaction;
import io.walsync.io.Json;
import io.walsync.replica.LtxFileInfo;
import io.walsync.restore.RestoreException;
import io.walsync.restore.RestorePlan;
import io.walsync.restore.RestoreTarget;
import java.util.ArrayList;
import java.util.List;

/** Collects what a compaction does, and prints it for people or as JSON. */
final class CompactReport implements Compaction.Progress {

  private final Console console;
  private final boolean isJson;
  private final boolean isVerbose;
  private final ReplicaSource source;
  private final List<LtxFileInfo> outputs = new ArrayList<>();
  private final List<Integer> inputCounts = new ArrayList<>();
  private final List<String> obstacles = new ArrayList<>();
  private int readBefore;
  private int readAfter = -1;

  CompactReport(Console console, boolean isJson, boolean isVerbose, ReplicaSource source) {
    this.console = console;
    this.isJson = isJson;
    this.isVerbose = isVerbose;
    this.source = source;
  }

  void before(List<LtxFileInfo> files) {
    readBefore = countRead(files);
  }

  void after(List<LtxFileInfo> files) {
    readAfter = countRead(files);
  }

  /** How many files a restore of the newest state reads; 0 if there is none. */
  private int countRead(List<LtxFileInfo> files) {
    try {
      RestoreTarget latest = RestoreTarget.latest();
      return RestorePlan.of(source.replica.url(), files, latest).files().size();
    } catch (RestoreException e) {
      return 0;
    }
  }

  @Override
  public void merged(List<LtxFileInfo> inputs, LtxFileInfo output) {
    outputs.add(output);
    inputCounts.add(inputs.size());
    if (isVerbose) {
      console.err.println(
          "walsync: level " + output.level() + " " + output.fileName() + " of " + inputs.size());
    }
  }

  @Override
  public void obstacle(String reason) {
    obstacles.add(reason);
    console.err.println("walsync: WARN: not merged: " + reason);
  }

  /** For a failure: what is in the replica of the work so far. */
  String kept() {
    return outputs.isEmpty()
        ? "nothing was merged"
        : "the " + outputs.size() + " files merged before stay, and nothing else was changed";
  }

  /**
   * @return the exit code
   */
  int print(boolean isDryRun) {
    if (isJson) {
      console.out.println(json(isDryRun));
    } else {
      console.out.println(words(isDryRun));
    }
    return obstacles.isEmpty() ? ExitCode.OK : ExitCode.DAMAGED;
  }

  private String words(boolean isDryRun) {
    if (outputs.isEmpty()) {
      return "nothing to merge: a restore of the newest state reads " + files(readBefore);
    }
    long inputs = 0;
    long bytes = 0;
    for (int i = 0; i < outputs.size(); i++) {
      inputs += inputCounts.get(i);
      bytes += outputs.get(i).sizeBytes();
    }
    String merges = inputs + " files into " + outputs.size();
    return isDryRun
        ? "would merge " + merges
        : "merged "
            + merges
            + " ("
            + RestoreReport.size(bytes)
            + "): a restore of the newest state reads "
            + files(readAfter)
            + " instead of "
            + readBefore;
  }

  private static String files(int count) {
    return count + (count == 1 ? " file" : " files");
  }

  private Json json(boolean isDryRun) {
    Json json =
        new Json()
            .beginObject()
            .member("replica", source.replica.url())
            .member("dry_run", isDryRun)
            .name("merged")
            .beginArray();
    for (int i = 0; i < outputs.size(); i++) {
      LtxFileInfo output = outputs.get(i);
      json.element()
          .beginObject()
          .member("level", output.level())
          .member("min_txid", output.minTxid().toString())
          .member("max_txid", output.maxTxid().toString())
          .member("inputs", inputCounts.get(i));
      // How large it gets is known when it has been written.
      (isDryRun ? json : json.member("size", output.sizeBytes())).endObject();
    }
    json.endArray().name("obstacles").beginArray();
    for (String obstacle : obstacles) {
      json.element().beginObject().member("reason", obstacle).endObject();
    }
    json.endArray().member("restore_files_before", readBefore);
    return (readAfter < 0 ? json : json.member("restore_files", readAfter)).endObject();
  }
}
