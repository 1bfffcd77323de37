package io.walsync.cli;

import io.walsync.history.retention.Policy;
import io.walsync.history.retention.Prune;
import io.walsync.history.retention.PrunePlan;
import io.walsync.history.retention.RefusedException;
import io.walsync.io.Reason;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.ReplicaClient;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** {@code prune}: deletes what no promise needs. */
final class PruneCommand extends ReplicaCommand {

  PruneCommand(Console console, ReplicaLookup lookup, ReplicaOpener opener) {
    super("prune", "Delete the files of a replica that no promise needs.", console, lookup, opener);
  }

  @Override
  String[] description() {
    return new String[] {
      "Deletes files of a replica that nobody writes, and keeps what is promised: every state that"
          + " -keep or `retention.keep` names stays restorable, whatever happens meanwhile, and so do"
          + " the newest state and what is pinned. Waits for 10 minutes before it deletes. May be"
          + " killed at any moment and run again. Refused with 6 while somebody may write the"
          + " replica, or if more than half of the states would go. Exits with 5 if files are"
          + " damaged or missing; nothing is deleted then.",
      "",
      "  walsync prune -dry-run -keep \"1h every commit, 24h every 30s, 1y every month\""
          + " s3://bucket/path",
      "  walsync prune -config walsync.yml /var/lib/app.db",
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
    value(
        spec,
        "grace",
        "10m",
        "How old a file must be, and for how long it must have been needless. Less only with"
            + " -force.");
    flag(spec, "force", "Although more than half of the states would go.");
    flag(spec, "dry-run", "Say what would be deleted, and delete nothing.");
    flag(spec, "json", "Print the result as a JSON object.");
    configOptions(spec);
  }

  @Override
  int run(Arguments arguments) throws Exception {
    ReplicaSource source = lookup.find(arguments);
    Policy policy = RetentionOptions.policy(arguments, source.retention);
    PruneReport report =
        new PruneReport(console, arguments.isSet("json"), arguments.isSet("verbose"), source);
    try (ReplicaClient client = opener.open(source.replica)) {
      Prune prune =
          RetentionOptions.prune(
              arguments, client, policy, RetentionOptions.restore(client, console));
      PrunePlan plan = prune.plan();
      if (plan.listed().isEmpty()) {
        return nothingThere(source, client, "delete");
      }
      boolean isDryRun = arguments.isSet("dry-run") || !source.isRetentionEnabled;
      if (isDryRun || plan.obstacle() != null) {
        report.print(plan, true);
        return exitCode(plan);
      }
      return delete(prune, plan, arguments.isForced(), report);
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

  private int delete(Prune prune, PrunePlan first, boolean isForced, PruneReport report)
      throws IOException {
    if (!first.isAnyGone()) {
      report.print(first, false);
      return ExitCode.OK;
    }
    try {
      PrunePlan plan = prune.run(first, isForced, report);
      report.print(plan, false);
      return tellWhatStays(prune.stillThere(report.deleted()), report);
    } catch (RefusedException e) {
      console.err.println("walsync: " + Reason.of(e) + "; " + report.told() + ". " + advice(e));
      return ExitCode.REFUSED;
    } catch (IOException e) {
      console.err.println(
          "walsync: "
              + Reason.of(e)
              + "; "
              + report.known()
              + ". Everything that is promised can be restored");
      return ExitCode.UNREADABLE;
    }
  }

  private int tellWhatStays(List<LtxFileInfo> still, PruneReport report) {
    if (still.isEmpty()) {
      return ExitCode.OK;
    }
    console.err.println(
        "walsync: WARN: the store has said that it deleted "
            + report.deleted().size()
            + " files, and still lists "
            + still.size()
            + " of them, such as "
            + still.get(0)
            + ": nothing is lost, but the replica does not get smaller (object lock? a bucket that"
            + " keeps what is deleted?)");
    return ExitCode.FAILED;
  }

  private static String advice(RefusedException e) {
    return e.isTooMuch()
        ? "Look at it with -dry-run, then use -force"
        : "Run it again when that has ended";
  }
}
