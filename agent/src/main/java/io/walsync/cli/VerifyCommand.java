package io.walsync.cli;

import io.walsync.history.ContentException;
import io.walsync.history.Proof;
import io.walsync.history.ProvedState;
import io.walsync.history.Timeline;
import io.walsync.io.Reason;
import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.ReplicaClient;
import io.walsync.restore.BrokenChainException;
import io.walsync.restore.DamagedFileException;
import io.walsync.restore.NoBackupException;
import io.walsync.restore.Restore;
import io.walsync.restore.RestoreException;
import io.walsync.restore.RestoreOptions;
import io.walsync.restore.RestoreProgress;
import io.walsync.restore.RestoreResult;
import io.walsync.restore.RestoreTarget;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;

/** {@code verify}: a proof that a replica can be restored. */
final class VerifyCommand extends ReplicaCommand {

  private static final String LEDGER = "ledger";
  private static final String STREAM = "stream";
  private static final String DRILL = "drill";

  private final Map<String, String> environment;

  VerifyCommand(
      Console console,
      Map<String, String> environment,
      ReplicaLookup lookup,
      ReplicaOpener opener) {
    super("verify", "Prove that a replica can be restored.", console, lookup, opener);
    this.environment = environment;
  }

  @Override
  String[] description() {
    return new String[] {
      "Proves that a state can be restored, and that it is what was committed. Exits with 0 if that is"
          + " proved, with 5 if it is not so, with 3 if there is no backup, and with 4 if the replica"
          + " could not be read: then nothing is known.",
      "",
      "  walsync verify s3://bucket/path",
      "  walsync verify -tier drill -config walsync.yml /var/lib/app.db",
      ""
    };
  }

  @Override
  void define(CommandSpec spec) {
    replicaArgument(spec);
    value(
        spec,
        "tier",
        "ledger|stream|drill",
        "How thoroughly. ledger: that every file is there, without fetching any. stream (the"
            + " default): fetches them, checks every sum and every page, writes nothing. drill: restores"
            + " to a temporary file and has SQLite check that.");
    flag(
        spec,
        "all",
        "Every state that can be restored, not only the newest: reads each file that one needs.");
    StateOptions.define(spec);
    StateOptions.defineParallelism(spec);
    flag(spec, "json", "Print the result as a JSON object.");
    configOptions(spec);
  }

  @Override
  int run(Arguments arguments) throws Exception {
    String tier = tier(arguments);
    RestoreTarget target = StateOptions.target(arguments);
    boolean isAll = arguments.isSet("all");
    if (isAll && !(tier.equals(STREAM) && target == RestoreTarget.latest())) {
      throw new UsageException("-all goes with -tier stream only, and with no -txid or -timestamp");
    }
    RestoreOptions options =
        RestoreOptions.defaults()
            .withParallelism(StateOptions.parallelism(arguments))
            .withChecksum(true);
    ReplicaSource source = lookup.find(arguments);
    VerifyReport report = new VerifyReport(console, arguments.isSet("json"), source, tier);
    int width = Console.width(environment.get("COLUMNS"));
    try (ReplicaClient client = opener.open(source.replica);
        RestoreNotices notices =
            new RestoreNotices(console, width, arguments.isSet("verbose"), "reading")) {
      RestoreProgress progress = isAll ? new ForeignNotice(console) : notices;
      Restore restore = new Restore(client, options, progress);
      Proof proof = new Proof(client, restore);
      if (isAll) {
        all(proof, report);
      } else {
        one(proof, tier, target, report, () -> drill(client, options, progress, target));
      }
      notices.close();
      return report.print();
    } catch (NoBackupException e) {
      source.requireUnknown();
      console.err.println("walsync: " + Reason.of(e) + "; nothing is proved. Check the path");
      return ExitCode.NO_BACKUP;
    }
  }

  private static String tier(Arguments arguments) throws UsageException {
    String tier = arguments.text("tier");
    if (tier == null) {
      return STREAM;
    }
    if (!tier.equals(LEDGER) && !tier.equals(STREAM) && !tier.equals(DRILL)) {
      throw new UsageException("-tier must be ledger, stream or drill, not " + tier);
    }
    return tier;
  }

  private void one(Proof proof, String tier, RestoreTarget target, VerifyReport report, Drill drill)
      throws IOException {
    try {
      report.proved(
          tier.equals(LEDGER)
              ? proof.ledger(target)
              : tier.equals(STREAM) ? proof.stream(target) : proof.compared(drill.run()));
    } catch (DamagedFileException e) {
      report.failed(e);
      report.whole(proof.timeline().without(Collections.singleton(e.file())).newest());
    } catch (BrokenChainException e) {
      report.failed(e);
      report.whole(proof.timeline().newest());
    } catch (ContentException | FailedCheckException e) {
      report.failed(e);
    }
  }

  /** A restore that is thrown away. */
  private interface Drill {
    RestoreResult run() throws IOException;
  }

  private static RestoreResult drill(
      ReplicaClient client, RestoreOptions options, RestoreProgress progress, RestoreTarget target)
      throws IOException {
    File folder = Files.createTempDirectory("walsync-drill").toFile();
    File database = new File(folder, "restored.db");
    try {
      RestoreOptions checked = options.withIntegrityCheck(SqliteCheck.full());
      return new Restore(client, checked, progress).run(target, database);
    } finally {
      Files.deleteIfExists(database.toPath());
      Files.deleteIfExists(folder.toPath());
    }
  }

  private static void all(Proof proof, VerifyReport report) throws IOException {
    Set<LtxFileInfo> damaged = new HashSet<>();
    Timeline timeline =
        proof.all(
            new Proof.Findings() {
              @Override
              public void proved(ProvedState state) {
                report.proved(state);
              }

              @Override
              public void recorded(LtxFileInfo file, boolean isRecorded) {
                report.recorded(file, isRecorded);
              }

              @Override
              public void failed(Txid txid, RestoreException reason) {
                report.failedAt(txid, reason);
                if (reason instanceof DamagedFileException) {
                  damaged.add(((DamagedFileException) reason).file());
                }
              }
            });
    report.of(timeline);
    report.whole(timeline.without(damaged).newest());
  }
}
