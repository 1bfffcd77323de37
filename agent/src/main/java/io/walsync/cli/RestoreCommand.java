package io.walsync.cli;

import io.walsync.config.UserPath;
import io.walsync.databases.Databases;
import io.walsync.history.retention.Pin;
import io.walsync.history.retention.Pins;
import io.walsync.io.Clock;
import io.walsync.replica.ReplicaClient;
import io.walsync.restore.IntegrityCheck;
import io.walsync.restore.NoBackupException;
import io.walsync.restore.Restore;
import io.walsync.restore.RestoreOptions;
import io.walsync.restore.RestorePlan;
import io.walsync.restore.RestoreProgress;
import io.walsync.restore.RestoreResult;
import io.walsync.restore.RestoreTarget;
import io.walsync.restore.RestoredState;
import io.walsync.restore.TargetNotReachableException;
import java.io.File;
import java.io.IOException;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;

/** {@code restore}: a database from its replica. */
final class RestoreCommand extends ReplicaCommand {

  private final Map<String, String> environment;

  RestoreCommand(
      Console console,
      Map<String, String> environment,
      ReplicaLookup lookup,
      ReplicaOpener opener) {
    super("restore", "Restore a database from its replica.", console, lookup, opener);
    this.environment = environment;
  }

  @Override
  String[] description() {
    return new String[] {
      "Restores a database. The output appears complete and checked, or not at all.",
      "",
      "  walsync restore -o copy.db s3://bucket/path",
      "  walsync restore -config walsync.yml /var/lib/app.db",
      ""
    };
  }

  @Override
  void define(CommandSpec spec) {
    replicaArgument(spec);
    value(
        spec,
        "o",
        "FILE",
        "The output. Default: the database's own path; needed with a folder or URL.");
    configOptions(spec);
    StateOptions.define(spec);
    value(spec, "pin", "NAME", "The state that pin has given this name.");
    flag(spec, "if-replica-exists", "If there is no backup, do nothing and exit with 0.");
    flag(spec, "if-db-not-exists", "If the output exists, do nothing and exit with 0.");
    flag(spec, "force", "Replace an existing database. Refused while a process has it open.");
    flag(
        spec,
        "as-newest",
        "The agent is to go on from this state although the replica has newer ones, which stay.");
    flag(spec, "dry-run", "Print which files would be fetched; write nothing.");
    value(
        spec,
        "integrity-check",
        "none|quick|full",
        "SQLite's check before the output takes its name. Default: none; the files' checksums"
            + " are always verified.");
    StateOptions.defineParallelism(spec);
    flag(spec, "json", "Print the result as a JSON object.");
  }

  @Override
  int run(Arguments arguments) throws Exception {
    RestoreTarget state = StateOptions.target(arguments);
    RestoreOptions options = options(arguments);
    ReplicaSource source = lookup.find(arguments);
    RestoreTarget target = pinned(arguments, source, state);
    File output = output(arguments, source);
    boolean isNoted = output.equals(source.database);
    requireOwnPath(arguments, isNoted);
    RestoreReport report =
        new RestoreReport(console, arguments.isSet("json"), source, output, target.moment());
    if (arguments.isSet("if-db-not-exists") && output.exists()) {
      report.skipped("the database exists");
      return ExitCode.OK;
    }
    warnOfRefused(source, isNoted && output.exists());
    try (ReplicaClient client = opener.open(source.replica)) {
      if (arguments.isSet("dry-run")) {
        plan(report, new Restore(client, options, RestoreProgress.NONE).plan(target));
      } else {
        RestoreResult result =
            restore(client, options.withChecksum(isNoted), target, output, arguments);
        if (isNoted) {
          leaveNote(result, source, output, arguments.isSet("as-newest"));
        }
        report.restored(result, check(arguments));
      }
    } catch (NoBackupException e) {
      source.requireUnknown();
      if (!arguments.isSet("if-replica-exists")) {
        throw e;
      }
      report.skipped("there is no backup");
    }
    return ExitCode.OK;
  }

  private RestoreTarget pinned(Arguments arguments, ReplicaSource source, RestoreTarget given)
      throws UsageException, IOException {
    String name = arguments.text("pin");
    if (name == null) {
      return given;
    }
    if (arguments.text("txid") != null || arguments.text("timestamp") != null) {
      throw new UsageException("-pin excludes -txid and -timestamp");
    }
    PinCommand.name(name);
    try (ReplicaClient client = opener.open(source.replica)) {
      Pin pin = new Pins(client, Clock.SYSTEM).find(name);
      if (pin == null) {
        throw TargetNotReachableException.name(name, client.url());
      }
      return RestoreTarget.at(pin.txid());
    }
  }

  private static void requireOwnPath(Arguments arguments, boolean isNoted) throws UsageException {
    if (arguments.isSet("as-newest") && !isNoted) {
      throw new UsageException(
          "-as-newest is noted beside the database for its agent: name the database by its path in"
              + " the configuration, without -o");
    }
  }

  private void plan(RestoreReport report, RestorePlan plan) {
    report.planned(plan);
    if (plan.doubt() != null) {
      RestoreNotices.lines(plan, plan.doubt()).forEach(console.err::println);
    }
  }

  /** What was committed while the agent refused the database is in no replica. */
  private void warnOfRefused(ReplicaSource source, boolean isReplaced) {
    boolean isRefused;
    try {
      isRefused =
          isReplaced
              && source.stagingFolder != null
              && Databases.refusal(source.stagingFolder, source.replica.url()) != null;
    } catch (IOException unknown) {
      isRefused = true;
    }
    if (isRefused) {
      console.err.println(
          "walsync: WARN: the agent has refused to replicate "
              + source.database
              + ": what was committed to it since then exists nowhere else and is lost where a restore"
              + " replaces it, unless you have kept a copy");
    }
  }

  private RestoreResult restore(
      ReplicaClient client,
      RestoreOptions options,
      RestoreTarget target,
      File output,
      Arguments arguments)
      throws Exception {
    int width = Console.width(environment.get("COLUMNS"));
    RestoreNotices notices = new RestoreNotices(console, width, arguments.isSet("verbose"));
    try {
      return new Restore(client, options, notices).run(target, output);
    } finally {
      notices.close();
    }
  }

  /** For the agent that will find the database in the place where the configuration has it. */
  private void leaveNote(
      RestoreResult result, ReplicaSource source, File database, boolean isWantedAsNewest)
      throws IOException {
    try {
      RestoredState.of(source.replica.url(), result)
          .wantedAsNewest(isWantedAsNewest)
          .write(database);
    } catch (IOException e) {
      if (isWantedAsNewest) {
        throw new IOException(
            "the database is restored, but that it is wanted as the newest could not be noted"
                + " beside it ("
                + e.getMessage()
                + "): the agent will refuse it",
            e);
      }
      console.err.println(
          "walsync: the database is restored; what it is could not be noted beside it ("
              + e.getMessage()
              + "), so the agent will read the replica to see where it goes on");
    }
  }

  private static File output(Arguments arguments, ReplicaSource source) throws UsageException {
    String given = arguments.text("o");
    if (given != null) {
      return UserPath.absolute(given);
    }
    if (source.database == null) {
      throw new UsageException("a replica's folder or URL needs -o FILE");
    }
    return source.database;
  }

  private static RestoreOptions options(Arguments arguments) throws UsageException {
    return RestoreOptions.defaults()
        .withForce(arguments.isSet("force"))
        .withParallelism(StateOptions.parallelism(arguments))
        .withIntegrityCheck(integrityCheck(arguments));
  }

  private static String check(Arguments arguments) {
    String check = arguments.text("integrity-check");
    return check == null ? "none" : check;
  }

  private static IntegrityCheck integrityCheck(Arguments arguments) throws UsageException {
    switch (check(arguments)) {
      case "none":
        return IntegrityCheck.NONE;
      case "quick":
        return SqliteCheck.quick();
      case "full":
        return SqliteCheck.full();
      default:
        throw new UsageException(
            "-integrity-check must be none, quick or full, not " + check(arguments));
    }
  }
}
