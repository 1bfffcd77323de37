package io.walsync.cli;

import io.walsync.status.StatusAnswer;
import picocli.CommandLine.Model.CommandSpec;

/** {@code status}: how the databases of a running JVM do. */
final class StatusCommand extends Command {

  static final int AGENT_CELLS = 7;
  static final int UNOPENED = 6;
  static final int CELLS = 16;
  static final int REASON = 15;

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

  private void print(String body) throws AttachException {
    String[] rows = body.split(String.valueOf(StatusAnswer.LINE_END), -1);
    String[][] databases = new String[rows.length - 2][];
    for (int i = 0; i < databases.length; i++) {
      databases[i] = cells(rows[i + 1], CELLS);
    }
    printStates(databases);
    if (databases.length > 0) {
      console.out.println();
      printCosts(databases);
    }
    for (String[] each : databases) {
      if (!each[REASON].isEmpty()) {
        console.out.println();
        console.out.println(each[0] + ": " + each[1] + ": " + each[REASON]);
      }
    }
    if (!rows[0].isEmpty()) {
      console.out.println();
      printAgent(cells(rows[0], AGENT_CELLS));
    }
  }

  static String[] cells(String row, int count) throws AttachException {
    String[] cells = row.split("\t", -1);
    if (cells.length != count) {
      throw new AttachException(
          "its agent is of another version: ask with the jar that it was started with, or by -json");
    }
    return cells;
  }

  private void printStates(String[]... databases) {
    if (databases.length == 0) {
      console.out.println("the application has opened no database of the configuration yet");
      return;
    }
    Table table =
        new Table(
            "database",
            "state",
            "lag",
            "staged",
            "txid",
            "restorable to",
            "restorable from",
            "checked");
    for (String[] each : databases) {
      table.row(each[0], each[1], each[2] + " s", each[3], each[4], each[5], each[6], each[7]);
    }
    table.print(console.out);
  }

  private void printCosts(String[]... databases) {
    Table table =
        new Table(
            "database",
            "wal",
            "replica files",
            "replica bytes",
            "requests",
            "failed",
            "sent",
            "fetched");
    for (String[] each : databases) {
      table.row(each[0], each[8], each[9], each[10], each[11], each[12], each[13], each[14]);
    }
    table.print(console.out);
  }

  private void printAgent(String... cells) {
    console.out.println(
        "walsync "
            + cells[0]
            + " on Java "
            + cells[1]
            + ", sqlite-jdbc "
            + cells[2]
            + " with SQLite "
            + cells[3]
            + ", since "
            + cells[4]
            + ", with "
            + cells[5]);
    if (!cells[UNOPENED].isEmpty()) {
      console.out.println("configured, but not opened so far: " + cells[UNOPENED]);
    }
  }
}
