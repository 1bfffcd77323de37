package io.walsync.cli;

import io.walsync.history.retention.Pins;
import io.walsync.io.Clock;
import io.walsync.replica.ReplicaClient;
import picocli.CommandLine.Model.CommandSpec;

/** {@code unpin}: takes a name from a state. */
final class UnpinCommand extends ReplicaCommand {

  UnpinCommand(Console console, ReplicaLookup lookup, ReplicaOpener opener) {
    super("unpin", "Take the name from a pinned state.", console, lookup, opener);
  }

  @Override
  String[] description() {
    return new String[] {
      "Takes the name from a pinned state. The next prune deletes its files unless something else"
          + " needs them. Exits with 7 if there is no such pin.",
      "",
      "  walsync unpin s3://bucket/path before-v2",
      ""
    };
  }

  @Override
  void define(CommandSpec spec) {
    PinCommand.arguments(spec);
    configOptions(spec);
  }

  @Override
  int run(Arguments arguments) throws Exception {
    String name = PinCommand.name(arguments);
    ReplicaSource source = lookup.find(arguments);
    try (ReplicaClient client = opener.open(source.replica)) {
      if (!new Pins(client, Clock.SYSTEM).remove(name)) {
        console.err.println(
            "walsync: there is no pin " + name + " in " + client.url() + "; see: walsync pins");
        return ExitCode.NOT_REACHABLE;
      }
      console.out.println("unpinned " + name);
      return ExitCode.OK;
    }
  }
}
