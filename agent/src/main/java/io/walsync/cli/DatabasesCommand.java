package io.walsync.cli;

import io.walsync.config.Config;
import io.walsync.config.DbConfig;
import io.walsync.databases.Databases;
import io.walsync.io.Json;
import io.walsync.io.Reason;
import io.walsync.restore.RestoredState;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code databases}: what the configuration says, and what of it is on disk. */
final class DatabasesCommand extends Command {

  private final Console console;
  private final ReplicaLookup lookup;

  DatabasesCommand(Console console, ReplicaLookup lookup) {
    super("databases", "List the databases of the configuration, and their state on disk.");
    this.console = console;
    this.lookup = lookup;
  }

  @Override
  String[] description() {
    return new String[] {
      "Lists the databases of the configuration: path, journal mode, size and replica. An entry"
          + " for many databases is followed by those found on disk. Lines below the table name"
          + " those that the agent refuses to replicate, and why: then the exit code is 8.",
      "",
      "  walsync databases -config walsync.yml",
      ""
    };
  }

  @Override
  void define(CommandSpec spec) {
    flag(spec, "json", "Print an array of JSON objects.");
    configOptions(spec);
  }

  @Override
  int run(Arguments arguments) throws Exception {
    Config config = lookup.config(arguments);
    List<Row> rows = new ArrayList<>();
    for (DbConfig db : config.dbs()) {
      addRows(config, db, rows);
    }
    if (arguments.isSet("json")) {
      printJson(rows);
    } else {
      printTable(rows);
    }
    for (Row row : rows) {
      if (row.refusal() != null) {
        return ExitCode.NOT_REPLICATED;
      }
    }
    return ExitCode.OK;
  }

  private static void addRows(Config config, DbConfig db, List<Row> rows) throws IOException {
    if (db.isExact()) {
      rows.add(new Row(db, db.root()));
      return;
    }
    rows.add(new Row(db, null));
    if (db.isEverything()) {
      return; // not every file of the machine is looked at
    }
    for (File file : DatabaseSearch.below(db)) {
      // An earlier entry may have taken it.
      if (config.match(file) == db) {
        rows.add(new Row(db, file));
      }
    }
  }

  private void printJson(List<Row> rows) {
    Json json = new Json().beginArray();
    for (Row row : rows) {
      if (row.state == null) {
        continue;
      }
      json.element()
          .beginObject()
          .member("path", row.path())
          .member("pattern", row.db.pattern())
          .member("exists", row.state.exists())
          .member("state", row.state.toString())
          .member("journal_mode", row.state.journalMode())
          .member("size", row.state.sizeBytes())
          .member("replica", row.replica())
          .member("refused", row.refusal())
          .endObject();
    }
    console.out.println(json.endArray());
  }

  private void printTable(List<Row> rows) {
    Table table = new Table("path", "journal", "size", "replica");
    for (Row row : rows) {
      DatabaseState state = row.state;
      table.row(
          row.path(),
          state == null ? "-" : state.toString(),
          state != null && state.exists() ? String.valueOf(state.sizeBytes()) : "-",
          row.replica());
    }
    table.print(console.out);
    for (Row row : rows) {
      String refusal = row.refusal();
      if (refusal != null) {
        console.out.println();
        console.out.println(row.path() + ": not replicated to " + row.replica() + ": " + refusal);
      }
    }
  }

  /** An entry, or one database of it. */
  private static final class Row {
    final DbConfig db;
    final @Nullable File file;
    final @Nullable DatabaseState state;

    /**
     * @param file null for an entry that stands for many
     */
    Row(DbConfig db, @Nullable File file) {
      this.db = db;
      this.file = file;
      this.state = file == null ? null : DatabaseState.of(file);
    }

    String path() {
      return file == null ? db.pattern() : file.getPath();
    }

    String replica() {
      return file == null ? db.replica().url() + "/*" : db.replicaFor(file).url();
    }

    /** Why the agent does not replicate the database until somebody has acted; null if it does. */
    @Nullable String refusal() {
      if (file == null) {
        return null;
      }
      try {
        File folder = db.metaFolderFor(file);
        String reason = Databases.refusal(folder, replica());
        boolean isRestored =
            reason != null
                && RestoredState.read(file) != null
                && RestoredState.leftMillis(file) > Databases.decidedMillis(folder);
        return isRestored
            ? "restored since it was refused, the application's next start decides anew; " + reason
            : reason;
      } catch (IOException e) {
        return "whether the agent refuses it could not be read (" + Reason.of(e) + ")";
      }
    }
  }
}
