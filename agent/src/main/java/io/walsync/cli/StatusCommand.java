package io.walsync.cli;

import io.walsync.status.StatusAnswer;
import picocli.CommandLine.Model.CommandSpec;

/** {@code status}: how the databases of a running JVM do. */
final class StatusCommand extends Command {

  private static final int CELL_COUNT = 7;
  private static final int REASON = 6;

  private final Console console;

  StatusCommand(Console console) {
    super("status", "Show how the databases of a running JVM are replicated.");
    this.console = console;
  }

  @Override
  String[] description() {
    return new String[] {
      "Asks the agent in a running JVM of the same user: one row for each database that the"
          + " application has opened, and below why those do not do well. Neither a store nor a"
          + " database is asked. The exit code tells a probe whether all are replicated.",
      "",
      "  walsync status 4711",
      "  walsync status 4711 -json",
      "",
      "From Java 21 on that JVM prints a warning of its own on its standard error, unless it was"
          + " started with -XX:+EnableDynamicAgentLoading.",
      ""
    };
  }

  @Override
  void define(CommandSpec spec) {
    argument(spec, 0, "PID", "The process to ask.");
    flag(spec, "json", "Print a JSON object.");
  }

  @Override
  int run(Arguments arguments) throws Exception {
    boolean isJson = arguments.isSet("json");
    AgentAnswer answer =
        AttachedJvm.of(arguments.argument(0)).ask("status", isJson ? "json" : "rows").ofAnAgent();
    if (isJson) {
      console.out.println(answer.body().replace(StatusAnswer.LINE_END, '\n'));
    } else {
      print(answer.body());
    }
    return answer.isStatus(StatusAnswer.FINE) ? ExitCode.OK : ExitCode.NOT_REPLICATED;
  }

  private void print(String body) {
    if (body.isEmpty()) {
      console.out.println("the application has opened no database of the configuration yet");
      return;
    }
    Table table = new Table("database", "state", "lag", "staged", "txid", "restorable to");
    String[] rows = body.split(String.valueOf(StatusAnswer.LINE_END));
    for (String row : rows) {
      String[] cells = row.split("\t", CELL_COUNT);
      table.row(cells[0], cells[1], cells[2] + " s", cells[3], cells[4], cells[5]);
    }
    table.print(console.out);
    for (String row : rows) {
      String[] cells = row.split("\t", CELL_COUNT);
      if (!cells[REASON].isEmpty()) {
        console.out.println();
        console.out.println(cells[0] + ": " + cells[1] + ": " + cells[REASON]);
      }
    }
  }
}
