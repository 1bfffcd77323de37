package io.walsync.cli;

/** Entry of the command line, called in the agent's class loader. */
public final class Main {

  private Main() {}

  /**
   * @return the exit code of the process
   */
  public static int run(String[] args) {
    System.out.println("walsync " + Main.class.getPackage().getImplementationVersion());
    return 0;
  }
}
