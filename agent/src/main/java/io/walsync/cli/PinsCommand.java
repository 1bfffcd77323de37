package io.walsync.cli;

import io.walsync.history.retention.Pin;
import io.walsync.history.retention.Pins;
import io.walsync.io.Clock;
import io.walsync.io.Json;
import io.walsync.io.Reason;
import io.walsync.replica.ReplicaClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** {@code pins}: the named states of a replica. */
final class PinsCommand extends ReplicaCommand {

  PinsCommand(Console console, ReplicaLookup lookup, ReplicaOpener opener) {
    super("pins", "List the pinned states of a replica.", console, lookup, opener);
  }

  @Override
  String[] description() {
    return new String[] {
      "Lists the states of a replica that have names. Restore one with restore -pin NAME. Exits"
          + " with 5 if a pin is damaged.",
      "",
      "  walsync pins s3://bucket/path",
      ""
    };
  }

  @Override
  void define(CommandSpec spec) {
    replicaArgument(spec);
    flag(spec, "json", "Print a JSON object.");
    configOptions(spec);
  }

  @Override
  int run(Arguments arguments) throws Exception {
    ReplicaSource source = lookup.find(arguments);
    try (ReplicaClient client = opener.open(source.replica)) {
      List<String> damaged = new ArrayList<>();
      List<Pin> pins = legible(client, damaged);
      if (arguments.isSet("json")) {
        Json json =
            new Json()
                .beginObject()
                .member("replica", source.replica.url())
                .name("pins")
                .beginArray();
        for (Pin pin : pins) {
          json(json.element(), pin);
        }
        console.out.println(json.endArray().endObject());
      } else {
        Table table = new Table("name", "txid", "state_of", "pinned_at");
        for (Pin pin : pins) {
          table.row(
              pin.name(), pin.txid().toString(), time(pin.stateMillis()), time(pin.madeMillis()));
        }
        table.print(console.out);
      }
      tell(damaged, console);
      return damaged.isEmpty() ? ExitCode.OK : ExitCode.DAMAGED;
    }
  }

  static List<Pin> legible(ReplicaClient client, List<String> damaged) throws IOException {
    return new Pins(client, Clock.SYSTEM).legible(e -> damaged.add(Reason.of(e)));
  }

  static void tell(List<String> damaged, Console console) {
    for (String each : damaged) {
      console.err.println("walsync: " + each);
    }
  }

  private static String time(long millis) {
    return ReportedTime.text(millis);
  }

  static void json(Json json, Pin pin) {
    json.beginObject()
        .member("name", pin.name())
        .member("txid", pin.txid().toString())
        .member("timestamp", time(pin.stateMillis()))
        .member("pinned_at", time(pin.madeMillis()))
        .endObject();
  }
}
