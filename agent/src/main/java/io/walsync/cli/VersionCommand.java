package io.walsync.cli;

import picocli.CommandLine.Model.CommandSpec;

/** {@code version}. */
final class VersionCommand extends Command {

  private final Console console;

  VersionCommand(Console console) {
    super("version", "Show the version.");
    this.console = console;
  }

  @Override
  String[] description() {
    return new String[] {"Shows the version of this jar."};
  }

  @Override
  void define(CommandSpec spec) {}

  @Override
  int run(Arguments arguments) {
    String version = VersionCommand.class.getPackage().getImplementationVersion();
    console.out.println("walsync " + (version == null ? "(not packaged)" : version));
    return ExitCode.OK;
  }
}
