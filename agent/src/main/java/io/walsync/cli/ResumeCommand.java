package io.walsync.cli;

import picocli.CommandLine.Model.CommandSpec;

/** {@code resume}: ends a pause. */
final class ResumeCommand extends Command {

  private final Console console;

  ResumeCommand(Console console) {
    super("resume", "End a pause of a running JVM.");
    this.console = console;
  }

  @Override
  String[] description() {
    return new String[] {
      "The agent in a running JVM of the same user uploads again what pause has held back. It is no"
          + " error if there is no pause.",
      "",
      "  walsync resume 4711",
      ""
    };
  }

  @Override
  void define(CommandSpec spec) {
    argument(spec, 0, "PID", "The process to ask.");
  }

  @Override
  int run(Arguments arguments) throws Exception {
    AttachedJvm jvm = AttachedJvm.of(arguments.argument(0));
    console.out.println(jvm.ask("resume", "").ofAnAgent().text());
    return ExitCode.OK;
  }
}
