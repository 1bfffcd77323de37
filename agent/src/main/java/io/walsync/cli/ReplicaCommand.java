package io.walsync.cli;

import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.ReplicaClient;
import java.io.IOException;
import java.util.List;

/** A command that works on one replica. */
abstract class ReplicaCommand extends Command {

  final Console console;
  final ReplicaLookup lookup;
  final ReplicaOpener opener;

  ReplicaCommand(
      String name, String summary, Console console, ReplicaLookup lookup, ReplicaOpener opener) {
    super(name, summary);
    this.console = console;
    this.lookup = lookup;
    this.opener = opener;
  }

  /**
   * Tells that an empty replica gives the command nothing to do, and why it is empty if that is
   * known.
   *
   * @param doing what cannot be done, as a verb
   * @return the exit code
   * @throws IOException if the replica cannot be read, or the agent has uploaded there
   */
  final int nothingThere(ReplicaSource source, ReplicaClient client, String doing)
      throws IOException {
    String reason = client.explainEmpty();
    source.requireUnknown();
    console.err.println(
        "walsync: "
            + (reason == null ? "there is no backup in " + client.url() : reason)
            + "; there is nothing to "
            + doing
            + ". Check the path");
    return ExitCode.NO_BACKUP;
  }

  /**
   * Whether somebody may write the replica, which is told; never with -force.
   *
   * @param files all of the replica's
   * @param undone what was not done, in words
   */
  final boolean isInUse(
      Arguments arguments, ReplicaClient client, List<LtxFileInfo> files, String undone)
      throws IOException {
    String owner = arguments.isForced() ? null : new LiveOwner().of(client, files);
    if (owner != null) {
      console.err.println(
          "walsync: "
              + client.url()
              + " is in use: "
              + owner
              + "; "
              + undone
              + ". Run it when that has ended, or with -force");
    }
    return owner != null;
  }
}
