package io.walsync.cli;

import io.walsync.config.HostEnvironment;

/**
 * Entry of the command line: {@link #run} is called in the agent's class loader, {@link #main}
 * where the launcher has put it on the class path.
 */
public final class Main {

  private Main() {}

  /** Ends the process with an {@link ExitCode}. */
  public static void main(String[] args) {
    System.exit(run(args));
  }

  /**
   * @return the exit code of the process, one of {@link ExitCode}
   */
  public static int run(String[] args) {
    return new CommandLineTool(Console.system(), HostEnvironment.read(), new ReplicaOpener())
        .run(args);
  }
}
