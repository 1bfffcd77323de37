package io.walsync.cli;

import io.walsync.history.compaction.Compaction;
import io.walsync.history.compaction.Ladder;
import io.walsync.history.compaction.WrongImageException;
import io.walsync.io.Clock;
import io.walsync.io.Reason;
import io.walsync.ltx.LtxFormatException;
import io.walsync.replica.LtxFileConflictException;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.ReplicaClient;
import io.walsync.replica.ReplicaException;
import io.walsync.restore.NoBackupException;
import io.walsync.restore.RestoreException;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code snapshot}: merges a replica's newest state into one file. */
final class SnapshotCommand extends ReplicaCommand {

  SnapshotCommand(Console console, ReplicaLookup lookup, ReplicaOpener opener) {
    super("snapshot", "Make a snapshot of a replica's newest state.", console, lookup, opener);
  }

  @Override
  String[] description() {
    return new String[] {
      "Merges all that a restore of a replica's newest state reads into one file, from which a"
          + " restore then begins. It is made from the replica alone, while it is uploaded, and"
          + " appears only if the database's checksum is the one that was recorded at its commit;"
          + " where none was recorded, a line says so. Deletes nothing."
          + " Refused with 6 while somebody may write the replica. Exits with 5 if files are"
          + " damaged or missing, or the checksum does not fit.",
      "",
      "  walsync snapshot s3://bucket/path",
      ""
    };
  }

  @Override
  void define(CommandSpec spec) {
    replicaArgument(spec);
    value(
        spec,
        "temp",
        "FOLDER",
        "For what more than some 70 files are merged into first, and the page index.");
    flag(spec, "force", "Although somebody may write the replica: only work done twice is lost.");
    configOptions(spec);
  }

  @Override
  int run(Arguments arguments) throws Exception {
    ReplicaSource source = lookup.find(arguments);
    try (ReplicaClient client = opener.open(source.replica)) {
      Compaction compaction =
          new Compaction(
              client,
              new Ladder(Collections.emptyList()),
              !arguments.isForced(),
              CompactCommand.temp(arguments),
              Clock.SYSTEM,
              new Random());
      List<LtxFileInfo> files = compaction.list();
      if (files.isEmpty()) {
        return nothingThere(source, client, "make a snapshot of");
      }
      if (isInUse(arguments, client, files, "no snapshot was made")) {
        return ExitCode.REFUSED;
      }
      return make(client, compaction, files);
    }
  }

  private int make(ReplicaClient client, Compaction compaction, List<LtxFileInfo> files)
      throws IOException {
    try {
      Compaction.Snapshot made = compaction.snapshot(files);
      console.out.println(told(client, made == null ? null : made.file()));
      if (made != null && !made.isCompared()) {
        console.err.println(
            "walsync: no checksum of the database was recorded beside the newest file, as Litestream"
                + " records none: that the snapshot is what its files hold is proved, and not"
                + " that this is what was committed");
      }
      return ExitCode.OK;
    } catch (LtxFileConflictException e) {
      return failed(e, ExitCode.REFUSED);
    } catch (ReplicaException e) {
      return failed(e, ExitCode.UNREADABLE);
    } catch (NoBackupException e) {
      throw e;
    } catch (LtxFormatException | RestoreException | WrongImageException e) {
      return failed(e, ExitCode.DAMAGED);
    }
  }

  private static String told(ReplicaClient client, @Nullable LtxFileInfo made) {
    return made == null
        ? client.url() + " has a snapshot of its newest state"
        : "snapshot of TXID "
            + made.maxTxid()
            + " made in "
            + client.url()
            + ", "
            + made.sizeBytes()
            + " bytes";
  }

  private int failed(IOException reason, int code) {
    console.err.println("walsync: " + Reason.of(reason) + "; no snapshot was stored");
    return code;
  }
}
