package io.walsync.cli;

import io.walsync.history.Proof;
import io.walsync.history.retention.Pins;
import io.walsync.history.retention.RefusedException;
import io.walsync.io.Clock;
import io.walsync.io.Reason;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.ReplicaClient;
import io.walsync.restore.NoBackupException;
import io.walsync.restore.Restore;
import picocli.CommandLine.Model.CommandSpec;

/** {@code pin}: gives a state a name, under which it outlives every prune. */
final class PinCommand extends ReplicaCommand {

  PinCommand(Console console, ReplicaLookup lookup, ReplicaOpener opener) {
    super("pin", "Give a state a name; no prune takes it.", console, lookup, opener);
  }

  @Override
  String[] description() {
    return new String[] {
      "Gives a state of a replica a name, under which it can be restored whatever is pruned, until"
          + " unpin. The state is read first, to prove that it can be restored; without -txid or"
          + " -timestamp it is the newest in the replica. Refused with 6 if there is a pin of that"
          + " name.",
      "",
      "  walsync pin s3://bucket/path before-v2",
      "  walsync pin -config walsync.yml -timestamp 2026-01-31T12:00:00Z /var/lib/app.db audit",
      ""
    };
  }

  static void arguments(CommandSpec spec) {
    replicaArgument(spec);
    argument(spec, 1, "NAME", "Letters, digits, dots, dashes and underscores, up to 64.");
  }

  /** The name that the user gave. */
  static String name(Arguments arguments) throws UsageException {
    String name = arguments.argument(1);
    if (name == null) {
      throw new UsageException("give the pin a name, behind the database");
    }
    return name(name);
  }

  static String name(String name) throws UsageException {
    if (!Pins.NAME.matcher(name).matches()) {
      throw new UsageException(
          "the name of a pin has up to 64 letters, digits, dots, dashes and underscores and begins"
              + " with a letter or digit, unlike "
              + name);
    }
    return name;
  }

  @Override
  void define(CommandSpec spec) {
    arguments(spec);
    StateOptions.define(spec);
    configOptions(spec);
  }

  @Override
  int run(Arguments arguments) throws Exception {
    String name = name(arguments);
    ReplicaSource source = lookup.find(arguments);
    try (ReplicaClient client = opener.open(source.replica)) {
      Restore restore = RetentionOptions.restore(client, console);
      LtxFileInfo newest = restore.plan(StateOptions.target(arguments)).newest();
      new Pins(client, Clock.SYSTEM)
          .add(name, newest.maxTxid(), newest.createdMillis(), new Proof(client, restore));
      console.out.println(
          "pinned "
              + name
              + ": TXID "
              + newest.maxTxid()
              + " of "
              + ReportedTime.text(newest.createdMillis()));
      return ExitCode.OK;
    } catch (RefusedException e) {
      console.err.println("walsync: " + Reason.of(e) + "; nothing was pinned");
      return ExitCode.REFUSED;
    } catch (NoBackupException e) {
      source.requireUnknown();
      throw e;
    }
  }
}
