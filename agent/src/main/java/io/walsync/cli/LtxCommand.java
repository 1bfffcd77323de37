package io.walsync.cli;

import io.walsync.io.Json;
import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.ReplicaClient;
import io.walsync.replica.ReplicaException;
import io.walsync.replica.ReplicaFiles;
import io.walsync.restore.BrokenChainException;
import io.walsync.restore.NoBackupException;
import io.walsync.restore.Restore;
import io.walsync.restore.RestoreOptions;
import io.walsync.restore.RestorePlan;
import io.walsync.restore.RestoreProgress;
import io.walsync.restore.RestoreTarget;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** {@code ltx}: the files of a replica. */
final class LtxCommand extends ReplicaCommand {

  LtxCommand(Console console, ReplicaLookup lookup, ReplicaOpener opener) {
    super("ltx", "List the files of a replica.", console, lookup, opener);
  }

  @Override
  String[] description() {
    return new String[] {
      "Lists the LTX files of a replica with level, TXIDs, size and time, and says which is the"
          + " newest state that can be restored. Exits with 3 if there is none.",
      "",
      "  walsync ltx -level all s3://bucket/path",
      "  walsync ltx -config walsync.yml /var/lib/app.db",
      ""
    };
  }

  @Override
  void define(CommandSpec spec) {
    replicaArgument(spec);
    value(
        spec,
        "level",
        "N|all",
        "0 (the default) is one sync a file, 9 snapshots, those between are compacted.");
    flag(spec, "json", "Print an array of JSON objects, without the newest state.");
    configOptions(spec);
  }

  @Override
  int run(Arguments arguments) throws Exception {
    boolean isAll = "all".equals(arguments.text("level"));
    int one =
        isAll
            ? LtxFileInfo.LEVEL_L0
            : arguments.number("level", LtxFileInfo.LEVEL_L0, LtxFileInfo.LEVEL_SNAPSHOT, 0);
    int[] levels = isAll ? LtxFileInfo.levels() : new int[] {one};
    ReplicaSource source = lookup.find(arguments);
    List<LtxFileInfo> files = new ArrayList<>();
    try (ReplicaClient client = opener.open(source.replica)) {
      for (int level : levels) {
        files.addAll(client.list(level, Txid.FIRST, false));
      }
      String reason = files.isEmpty() ? client.explainEmpty() : null;
      if (reason != null) {
        throw new ReplicaException(reason, true);
      }
      boolean isEmpty = files.isEmpty() && ReplicaFiles.list(client).isEmpty();
      if (isEmpty) {
        source.requireUnknown();
      }
      if (arguments.isSet("json")) {
        printJson(files);
      } else {
        printTable(files);
        printNewestState(client);
      }
      return isEmpty ? ExitCode.NO_BACKUP : ExitCode.OK;
    }
  }

  /**
   * What a restore would come to now; fetches nothing but the time of one file.
   *
   * @throws BrokenChainException if nothing newer than a gap can be restored
   */
  private void printNewestState(ReplicaClient client) throws IOException {
    console.out.println();
    RestorePlan plan;
    try {
      plan =
          new Restore(client, RestoreOptions.defaults(), RestoreProgress.NONE)
              .plan(RestoreTarget.latest());
    } catch (NoBackupException e) {
      console.out.println("newest restorable state: none, the replica is empty");
      return;
    }
    int count = plan.files().size();
    console.out.println(
        "newest restorable state: TXID "
            + plan.txid()
            + " of "
            + ReportedTime.text(exactMillis(client, plan.newest()))
            + ", from "
            + count
            + (count == 1 ? " file" : " files")
            + " ("
            + RestoreReport.size(plan.sizeBytes())
            + ")");
  }

  private static long exactMillis(ReplicaClient client, LtxFileInfo file) throws IOException {
    for (LtxFileInfo exact : client.list(file.level(), file.minTxid(), true)) {
      if (exact.fileName().equals(file.fileName())) {
        return exact.createdMillis();
      }
    }
    return file.createdMillis();
  }

  private void printJson(List<LtxFileInfo> files) {
    Json json = new Json().beginArray();
    for (LtxFileInfo file : files) {
      json.element()
          .beginObject()
          .member("level", file.level())
          .member("min_txid", file.minTxid().toString())
          .member("max_txid", file.maxTxid().toString())
          .member("size", file.sizeBytes())
          .member("timestamp", ReportedTime.text(file.createdMillis()))
          .endObject();
    }
    console.out.println(json.endArray());
  }

  private void printTable(List<LtxFileInfo> files) {
    Table table = new Table("level", "min_txid", "max_txid", "size", "created");
    for (LtxFileInfo file : files) {
      table.row(
          String.valueOf(file.level()),
          file.minTxid().toString(),
          file.maxTxid().toString(),
          String.valueOf(file.sizeBytes()),
          ReportedTime.text(file.createdMillis()));
    }
    table.print(console.out);
  }
}
