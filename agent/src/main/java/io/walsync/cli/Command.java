package io.walsync.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** One command: its options, and what it does. */
abstract class Command {

  private final String name;
  private final String summary;

  /**
   * @param summary a line for the list of commands
   */
  Command(String name, String summary) {
    this.name = name;
    this.summary = summary;
  }

  final String name() {
    return name;
  }

  final String summary() {
    return summary;
  }

  /** Options and arguments, built when the command is the one to run. */
  final CommandSpec spec() {
    CommandSpec spec = CommandSpec.create().name("walsync " + name);
    spec.usageMessage().description(description());
    define(spec);
    flag(spec, "verbose", "Say more, and show the stack trace of a failure.");
    spec.addOption(
        OptionSpec.builder("-help", "-h")
            .type(boolean.class)
            .description("Show this help.")
            .build());
    return spec;
  }

  /** Lines of the help. */
  abstract String[] description();

  abstract void define(CommandSpec spec);

  /**
   * @return the exit code
   */
  abstract int run(Arguments arguments) throws Exception;

  static void flag(CommandSpec spec, String name, String description) {
    spec.addOption(
        OptionSpec.builder("-" + name).type(boolean.class).description(description).build());
  }

  /**
   * @param label what stands for the value in the help
   */
  static void value(CommandSpec spec, String name, String label, String description) {
    spec.addOption(
        OptionSpec.builder("-" + name)
            .type(String.class)
            .paramLabel(label)
            .description(description)
            .build());
  }

  /** The one argument that is no option; whether it is there, the command checks. */
  static void replicaArgument(CommandSpec spec) {
    argument(
        spec,
        0,
        "DATABASE|FOLDER|URL",
        "A database in the configuration, or the folder or URL of a replica.");
  }

  /** An argument that is no option; whether it is there, the command checks. */
  static void argument(CommandSpec spec, int index, String label, String description) {
    spec.addPositional(
        PositionalParamSpec.builder()
            .type(String.class)
            .index(String.valueOf(index))
            .arity("0..1")
            .paramLabel(label)
            .hideParamSyntax(true)
            .description(description)
            .build());
  }

  static void configOptions(CommandSpec spec) {
    value(
        spec,
        "config",
        "FILE",
        "The configuration. Default: $WALSYNC_CONFIG, else $LITESTREAM_CONFIG, else"
            + " /etc/walsync.yml, else /etc/litestream.yml.");
    flag(spec, "no-expand-env", "Leave $NAME and $${NAME} in the configuration as they are.");
  }
}
