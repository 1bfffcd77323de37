package io.walsync.bootstrap;

import java.lang.reflect.InvocationTargetException;

/**
 * {@code java -jar walsync-agent.jar}: the command line. It runs in the class loader of the agent,
 * with the jar's own sqlite-jdbc, since no other SQLite is in this process.
 */
public final class Main {

  private static final String COMMAND_LINE = "io.walsync.cli.Main";
  private static final int UNEXPECTED = 70;

  private Main() {}

  public static void main(String[] args) {
    System.exit(run(args));
  }

  private static int run(String[] args) {
    try {
      ClassLoader loader =
          AgentClassLoader.forCommandLine(AgentJar.open(AgentJar.locate(Main.class)));
      Thread.currentThread().setContextClassLoader(loader);
      return (Integer)
          loader
              .loadClass(COMMAND_LINE)
              .getMethod("run", String[].class)
              .invoke(null, (Object) args);
    } catch (InvocationTargetException e) {
      return unexpected(e.getCause() == null ? e : e.getCause());
    } catch (Exception e) {
      return unexpected(e);
    }
  }

  private static int unexpected(Throwable t) {
    Stderr.line("unexpected failure: " + t);
    t.printStackTrace();
    return UNEXPECTED;
  }
}
