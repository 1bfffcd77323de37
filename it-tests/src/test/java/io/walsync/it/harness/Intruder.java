package io.walsync.it.harness;

import io.walsync.testkit.AgentYaml;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/**
 * A second application whose database is another one and whose configuration names the replica of
 * the first.
 */
public final class Intruder implements AutoCloseable {

  private final Path database;
  private final ForkedJvm first;
  private final ForkedJvm second;

  /**
   * @param folder of both databases
   * @param setting completes the configuration of the second
   */
  public Intruder(Path folder, Replica replica, UnaryOperator<AgentYaml> setting) {
    Path rightful = folder.resolve("app.db");
    this.database = folder.resolve("intruder.db");
    Path config = AgentYaml.of(rightful, replica).writeTo(folder.resolve("walsync.yml"));
    Path other =
        setting.apply(AgentYaml.of(database, replica)).writeTo(folder.resolve("other.yml"));
    this.first = Application.replicated(rightful, config);
    this.second = Application.replicated(database, other);
  }

  /** The rightful owner writes and is replicated; then the other one writes too. */
  public void comes(Recovery recovery, String write) {
    first.ask("open");
    first.ask("create");
    recovery.awaitSeq(first.ask("insert 5 1000"));
    second.ask("open");
    second.ask("create");
    second.ask(write);
  }

  /** The database that is not the replica's. */
  public Path database() {
    return database;
  }

  /** The application whose replica it is. */
  public ForkedJvm first() {
    return first;
  }

  /** The application that has come later. */
  public ForkedJvm second() {
    return second;
  }

  /** Both leave in order. */
  public void exit() {
    first.exit();
    second.exit();
  }

  @Override
  public void close() {
    first.close();
    second.close();
  }
}
