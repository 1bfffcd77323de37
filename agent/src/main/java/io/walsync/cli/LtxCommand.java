package io.walsync.cli;

import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.ReplicaClient;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** {@code ltx}: the files of a replica. */
final class LtxCommand extends Command {

  private final Console console;
  private final ReplicaLookup lookup;
  private final ReplicaOpener opener;

  LtxCommand(Console console, ReplicaLookup lookup, ReplicaOpener opener) {
    super("ltx", "List the files of a replica.");
    this.console = console;
    this.lookup = lookup;
    this.opener = opener;
  }

  @Override
  String[] description() {
    return new String[] {
      "Lists the LTX files of a replica with level, TXIDs, size and time.",
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
    flag(spec, "json", "Print an array of JSON objects.");
    configOptions(spec);
  }

  @Override
  int run(Arguments arguments) throws Exception {
    boolean isAll = "all".equals(arguments.text("level"));
    int first =
        isAll
            ? LtxFileInfo.LEVEL_L0
            : arguments.number("level", LtxFileInfo.LEVEL_L0, LtxFileInfo.LEVEL_SNAPSHOT, 0);
    int last = isAll ? LtxFileInfo.LEVEL_SNAPSHOT : first;
    ReplicaSource source = lookup.find(arguments);
    List<LtxFileInfo> files = new ArrayList<>();
    try (ReplicaClient client = opener.open(source.replica)) {
      for (int level = first; level <= last; level++) {
        files.addAll(client.list(level, Txid.FIRST, false));
      }
    }
    if (arguments.isSet("json")) {
      printJson(files);
    } else {
      printTable(files);
    }
    return ExitCode.OK;
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
          .member("timestamp", Instant.ofEpochMilli(file.createdMillis()).toString())
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
          Instant.ofEpochMilli(file.createdMillis()).toString());
    }
    table.print(console.out);
  }
}
