package io.walsync.bench.lab;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Whole processes that restore a replica, and the proof that it is its database. */
public final class Restoration {

  private Restoration() {}

  /** The packed jar's command line. */
  public static TimedProgram.Result walsync(Replica replica, Path output, List<String> jvmOptions) {
    List<String> command = new ArrayList<>(List.of(Lab.java().toString()));
    command.addAll(jvmOptions);
    command.addAll(List.of("-jar", Lab.agentJar().toString(), "restore"));
    command.addAll(List.of("-o", output.toString(), replica.url()));
    return TimedProgram.run(command, replica.credentials(), log(output));
  }

  public static TimedProgram.Result litestream(Path binary, Replica replica, Path output) {
    List<String> command =
        List.of(binary.toString(), "restore", "-o", output.toString(), replica.litestreamUrl());
    return TimedProgram.run(command, replica.credentials(), log(output));
  }

  private static Path log(Path output) {
    return output.resolveSibling(output.getFileName() + ".log");
  }

  /**
   * Restores the replica and compares it byte for byte with the database, which nobody may have
   * open.
   *
   * @throws LabException if they differ: the run has no numbers
   */
  public static void verify(Replica replica, Path database) {
    Path output = database.resolveSibling(database.getFileName() + "-restored");
    walsync(replica, output, List.of());
    DatabaseFile.settle(database);
    DatabaseFile.requireSame(database, output);
    DatabaseFile.delete(output);
  }
}
