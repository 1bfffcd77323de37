package io.walsync.cli;

import io.walsync.history.retention.Policy;
import io.walsync.history.retention.Prune;
import io.walsync.history.retention.PrunePlan;
import io.walsync.io.Clock;
import io.walsync.replica.ReplicaClient;
import io.walsync.restore.Restore;
import picocli.CommandLine.Model.CommandSpec;

/** {@code prune -dry-run}: what no promise needs. */
final class PruneCommand extends ReplicaCommand {

  PruneCommand(Console console, ReplicaLookup lookup, ReplicaOpener opener) {
    super("prune", "Say which files of a replica no promise needs.", console, lookup, opener);
  }

  @Override
  String[] description() {
    return new String[] {
      "Says which files of a replica no promise needs, how many states each promise means, and what"
          + " could be restored without those files. Deletes nothing yet: -dry-run has to be given."
          + " Exits with 5 if files are damaged or missing.",
      "",
      "  walsync prune -dry-run -keep \"1h every commit, 24h every 30s, 1y every month\""
          + " s3://bucket/path",
      "  walsync prune -dry-run -config walsync.yml /var/lib/app.db",
      ""
    };
  }

  @Override
  void define(CommandSpec spec) {
    replicaArgument(spec);
    value(
        spec,
        "keep",
        "PROMISES",
        "What stays restorable, such as \"1h every commit, 7d every 1h, 1y every month\". Default:"
            + " `retention.keep` of the configuration.");
    flag(spec, "dry-run", "Say what would be deleted, and delete nothing. Required.");
    flag(spec, "json", "Print the result as a JSON object.");
    configOptions(spec);
  }

  @Override
  int run(Arguments arguments) throws Exception {
    if (!arguments.isSet("dry-run")) {
      throw new UsageException("nothing is deleted yet: say -dry-run to see what could be");
    }
    ReplicaSource source = lookup.find(arguments);
    Policy policy = RetentionOptions.policy(arguments, source.retention);
    PruneReport report = new PruneReport(console, arguments.isSet("json"), source);
    try (ReplicaClient client = opener.open(source.replica)) {
      Restore restore = RetentionOptions.restore(client, console);
      PrunePlan plan = new Prune(client, restore, policy, Clock.SYSTEM).plan();
      if (plan.listed().isEmpty()) {
        return nothingThere(source, client, "delete");
      }
      report.print(plan);
      return exitCode(plan);
    }
  }

  private int exitCode(PrunePlan plan) {
    String obstacle = plan.obstacle();
    if (obstacle != null) {
      console.err.println("walsync: WARN: nothing may be deleted: " + obstacle);
      return ExitCode.DAMAGED;
    }
    return ExitCode.OK;
  }
}
