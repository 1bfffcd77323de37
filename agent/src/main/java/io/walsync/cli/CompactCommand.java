package io.walsync.cli;

import io.walsync.config.GoDuration;
import io.walsync.history.compaction.Compaction;
import io.walsync.history.compaction.Ladder;
import io.walsync.io.Clock;
import io.walsync.io.Reason;
import io.walsync.ltx.LtxFormatException;
import io.walsync.replica.LtxFileConflictException;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.ReplicaClient;
import io.walsync.replica.ReplicaException;
import io.walsync.restore.NoBackupException;
import io.walsync.restore.RestoreException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code compact}: merges the files of a replica, so that a restore reads few. */
final class CompactCommand extends ReplicaCommand {

  CompactCommand(Console console, ReplicaLookup lookup, ReplicaOpener opener) {
    super("compact", "Merge the files of a replica.", console, lookup, opener);
  }

  @Override
  String[] description() {
    return new String[] {
      "Merges the files of a replica into larger ones, so that a restore opens few of them. Deletes"
          + " nothing: every state that could be restored still can be. May be killed at any moment"
          + " and run again. Refused with 6 while somebody may write the replica. Exits with 5 if"
          + " files are damaged or missing.",
      "",
      "  walsync compact s3://bucket/path",
      "  walsync compact -dry-run -config walsync.yml /var/lib/app.db",
      ""
    };
  }

  @Override
  void define(CommandSpec spec) {
    replicaArgument(spec);
    value(
        spec,
        "levels",
        "30s,5m,1h",
        "How much time a file of level 1, 2 and so on spans. The default is Litestream's.");
    value(spec, "temp", "FOLDER", "Where merged files are until they are stored.");
    flag(spec, "force", "Although somebody may write the replica: only work done twice is lost.");
    flag(spec, "dry-run", "Say what would be merged, and merge nothing.");
    flag(spec, "json", "Print the result as a JSON object.");
    configOptions(spec);
  }

  @Override
  int run(Arguments arguments) throws Exception {
    Ladder ladder = ladder(arguments);
    Path temp = temp(arguments);
    ReplicaSource source = lookup.find(arguments);
    CompactReport report =
        new CompactReport(console, arguments.isSet("json"), arguments.isSet("verbose"), source);
    try (ReplicaClient client = opener.open(source.replica)) {
      Compaction compaction =
          new Compaction(client, ladder, !arguments.isForced(), temp, Clock.SYSTEM, new Random());
      List<LtxFileInfo> files = compaction.list();
      if (files.isEmpty()) {
        return nothingThere(source, client, "merge");
      }
      boolean isDryRun = arguments.isSet("dry-run");
      if (!isDryRun && isInUse(arguments, client, files, "nothing was merged")) {
        return ExitCode.REFUSED;
      }
      report.before(files);
      return isDryRun ? dryRun(compaction, files, report) : merge(compaction, files, report);
    }
  }

  private static int dryRun(Compaction compaction, List<LtxFileInfo> files, CompactReport report)
      throws IOException {
    compaction.plan(files, report);
    return report.print(true);
  }

  private int merge(Compaction compaction, List<LtxFileInfo> files, CompactReport report)
      throws IOException {
    try {
      report.after(compaction.run(files, report));
      return report.print(false);
    } catch (LtxFileConflictException e) {
      console.err.println(
          "walsync: "
              + Reason.of(e)
              + ": somebody else merges this replica; "
              + report.kept()
              + ". Run it again when that has ended");
      return ExitCode.REFUSED;
    } catch (ReplicaException e) {
      console.err.println("walsync: " + Reason.of(e) + "; " + report.kept());
      return ExitCode.UNREADABLE;
    } catch (NoBackupException e) {
      throw e;
    } catch (LtxFormatException | RestoreException e) {
      console.err.println(
          "walsync: "
              + Reason.of(e)
              + "; "
              + report.kept()
              + ". Which states are whole, verify -all says");
      return ExitCode.DAMAGED;
    }
  }

  static @Nullable Path temp(Arguments arguments) throws UsageException {
    String given = arguments.text("temp");
    if (given != null && !new File(given).isDirectory()) {
      throw new UsageException("-temp must be a folder, which " + given + " is not");
    }
    return given == null ? null : new File(given).toPath();
  }

  private static Ladder ladder(Arguments arguments) throws UsageException {
    String given = arguments.text("levels");
    if (given == null) {
      return Ladder.DEFAULT;
    }
    String wrong =
        "-levels must be 1 to "
            + Ladder.MAX_LEVELS
            + " durations of 1s or more, each longer than the one before, such as 30s,5m,1h; not ";
    List<Duration> intervals = new ArrayList<>();
    try {
      for (String each : given.split(",", -1)) {
        Duration interval = GoDuration.parse(each.trim());
        Duration least =
            intervals.isEmpty()
                ? Duration.ofSeconds(1)
                : intervals.get(intervals.size() - 1).plusMillis(1);
        if (interval.compareTo(least) < 0) {
          throw new UsageException(wrong + given);
        }
        intervals.add(interval);
      }
      return new Ladder(intervals);
    } catch (IllegalArgumentException e) {
      throw new UsageException(wrong + given);
    }
  }
}
