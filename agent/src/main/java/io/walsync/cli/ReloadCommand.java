package io.walsync.cli;

import io.walsync.config.ConfigPlace;
import picocli.CommandLine.Model.CommandSpec;

/** {@code reload}: has a running JVM read its configuration again. */
final class ReloadCommand extends Command {

  private final Console console;

  ReloadCommand(Console console) {
    super("reload", "Have a running JVM read its configuration again.");
    this.console = console;
  }

  @Override
  String[] description() {
    return new String[] {
      "The agent in a running JVM of the same user begins anew with its configuration, or with"
          + " another one: every key counts from then on but logging.level. It lets go of every"
          + " database as a detach does, uploads what is committed for as long as a shutdown would,"
          + " and takes them up again; what is committed in between is found. A wrong configuration"
          + " is told here, and nothing changes. A pause ends.",
      "",
      "  walsync reload 4711",
      "  walsync reload 4711 /etc/walsync-new.yml",
      ""
    };
  }

  @Override
  void define(CommandSpec spec) {
    argument(spec, 0, "PID", "The process to ask.");
    argument(
        spec, 1, "CONFIG", "The configuration, for the other process to read. Default: its own.");
  }

  @Override
  int run(Arguments arguments) throws Exception {
    String path = arguments.argument(1);
    String config = path == null ? "" : ConfigPlace.of(path).absolute();
    AttachedJvm jvm = AttachedJvm.of(arguments.argument(0));
    console.out.println(jvm.ask("reload", config).ofAnAgent().text());
    return ExitCode.OK;
  }
}
