package io.walsync.bootstrap;

/** Prints single lines on the host's stderr, before the agent's log exists. */
final class Stderr {

  private Stderr() {}

  static void line(String message) {
    System.err.println("walsync: " + message.replace('\r', ' ').replace('\n', ' '));
  }

  static void replicationIsOff(Throwable reason) {
    String hint =
        reason instanceof SecurityException
            ? "; the security policy has to grant java.security.AllPermission to the agent's jar"
            : "";
    line(
        "replication is off: "
            + (reason.getMessage() == null ? reason : reason.getMessage())
            + hint);
  }
}
