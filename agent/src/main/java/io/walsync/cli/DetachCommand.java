package io.walsync.cli;

import picocli.CommandLine.Model.CommandSpec;

/** {@code detach}: ends the replication of a JVM that goes on running. */
final class DetachCommand extends Command {

  private final Console console;

  DetachCommand(Console console) {
    super("detach", "End the replication of a running JVM, without a restart.");
    this.console = console;
  }

  @Override
  String[] description() {
    return new String[] {
      "Ends the agent in a running JVM, however it came there: what was committed is uploaded, the"
          + " agent's connections and threads go, the application checkpoints by itself again. It"
          + " waits as long as a shutdown would. The agent can be attached again.",
      "",
      "  walsync detach 4711",
      ""
    };
  }

  @Override
  void define(CommandSpec spec) {
    argument(spec, 0, "PID", "The process to leave.");
  }

  @Override
  int run(Arguments arguments) throws Exception {
    AgentAnswer answer = AttachedJvm.of(arguments.argument(0)).ask("detach", "");
    console.out.println(answer.text());
    return ExitCode.OK;
  }
}
