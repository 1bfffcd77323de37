package io.walsync.cli;

import io.walsync.config.ConfigPlace;
import io.walsync.io.Json;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;

/** {@code attach}: brings the agent into a JVM that is running, or lists those it could go into. */
final class AttachCommand extends Command {

  private static final String CONFIG_VARIABLE = "WALSYNC_CONFIG";

  private final Console console;
  private final Map<String, String> environment;

  AttachCommand(Console console, Map<String, String> environment) {
    super("attach", "Begin to replicate a running JVM, without a restart.");
    this.console = console;
    this.environment = environment;
  }

  @Override
  String[] description() {
    return new String[] {
      "Loads the agent into a running JVM of the same user. Databases that the application has open"
          + " are replicated from the next statement of each connection on. A JVM that has the"
          + " agent already is left as it is, which is no error.",
      "",
      "  walsync attach -list",
      "  walsync attach 4711 walsync.yml",
      "  walsync attach 4711 s3://my-bucket/app",
      "",
      "Without a configuration the one that $WALSYNC_CONFIG names here counts, else the one it names"
          + " in the other process. From Java 21 on that JVM prints a warning of its own on its"
          + " standard error, unless it was started with -XX:+EnableDynamicAgentLoading.",
      ""
    };
  }

  @Override
  void define(CommandSpec spec) {
    argument(spec, 0, "PID", "The process to attach to.");
    argument(
        spec,
        1,
        "CONFIG",
        "The configuration, for the other process to read, or the URL of a replica.");
    flag(spec, "list", "List the JVMs that use sqlite-jdbc; nothing is attached.");
    flag(spec, "json", "With -list: print an array of JSON objects.");
  }

  @Override
  int run(Arguments arguments) throws Exception {
    if (arguments.isSet("list")) {
      if (arguments.argument(0) != null) {
        throw new UsageException("-list takes no process");
      }
      list(arguments.isSet("json"));
      return ExitCode.OK;
    }
    AgentAnswer answer =
        AttachedJvm.of(arguments.argument(0)).ask("attach", config(arguments.argument(1)));
    console.out.println(answer.text());
    return ExitCode.OK;
  }

  /** Absolute, because the other process has a working directory of its own. */
  private String config(String argument) {
    String path = argument == null ? environment.get(CONFIG_VARIABLE) : argument;
    return path == null || path.isEmpty() ? "" : ConfigPlace.of(path).absolute();
  }

  private void list(boolean isJson) throws Exception {
    List<SqliteJvm> found = SqliteJvm.running();
    if (isJson) {
      Json json = new Json().beginArray();
      for (SqliteJvm jvm : found) {
        json.element()
            .beginObject()
            .member("pid", jvm.pid)
            .member("main", jvm.mainClass)
            .member("sqlite_jdbc", jvm.driverVersion)
            .member("agent", jvm.agent)
            .endObject();
      }
      console.out.println(json.endArray());
      return;
    }
    Table table = new Table("pid", "main class", "sqlite-jdbc", "agent");
    for (SqliteJvm jvm : found) {
      table.row(String.valueOf(jvm.pid), jvm.mainClass, jvm.driverVersion, jvm.agent);
    }
    table.print(console.out);
  }
}
