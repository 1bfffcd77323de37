package io.walsync.cli;

/** Entry of the command line, called in the agent's class loader. */
public final class Main {

  private Main() {}

  /**
   * @return the exit code of the process, one of {@link ExitCode}
   */
  public static int run(String[] args) {
    return new CommandLineTool(Console.system(), System.getenv(), new ReplicaOpener()).run(args);
  }
}
