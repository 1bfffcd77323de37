package io.walsync.it.harness;

import io.walsync.testkit.Command;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code java -jar walsync-agent.jar restore ...}, as a user types it. */
public final class RestoreCommand {

  private final List<String> arguments = new ArrayList<>();
  private final Map<String, String> environment;
  private final String source;
  private Jdk jdk = Jdk.running();

  private RestoreCommand(String source, Map<String, String> environment) {
    this.source = source;
    this.environment = environment;
  }

  /** From a replica, named by its URL. */
  public static RestoreCommand from(Replica replica) {
    return new RestoreCommand(replica.url(), replica.credentials());
  }

  /** From the replica that the configuration gives a database path. */
  public static RestoreCommand of(Path database, Path config) {
    return new RestoreCommand(database.toString(), Map.of()).option("-config", config);
  }

  public RestoreCommand on(Jdk given) {
    jdk = given;
    return this;
  }

  public RestoreCommand txid(String txid) {
    return option("-txid", txid);
  }

  public RestoreCommand timestamp(String rfc3339) {
    return option("-timestamp", rfc3339);
  }

  public RestoreCommand option(String name, Object... values) {
    arguments.add(name);
    for (Object value : values) {
      arguments.add(value.toString());
    }
    return this;
  }

  /** Runs it; the caller looks at the exit code. */
  public Command.Outcome to(Path output) {
    List<String> words = new ArrayList<>();
    words.add("restore");
    words.addAll(arguments);
    words.addAll(List.of("-o", output.toString(), source));
    return cli(jdk, environment, words.toArray(new String[0]));
  }

  /** Any command of the jar. */
  public static Command.Outcome cli(Map<String, String> environment, String... words) {
    return cli(Jdk.running(), environment, words);
  }

  private static Command.Outcome cli(Jdk jdk, Map<String, String> environment, String... words) {
    List<String> command = new ArrayList<>();
    command.add(jdk.java().toString());
    command.add("-Xmx512m");
    command.add("-jar");
    command.add(AgentJar.path().toString());
    command.addAll(List.of(words));
    return Command.run(command, environment, "");
  }
}
