package io.walsync.io;

import java.security.AccessController;
import java.security.PrivilegedAction;

/**
 * Runs work of the agent on an application's thread without asking whether the application, too,
 * may do it, as a security manager would. What the agent may do is for its own policy entry to say.
 */
public final class Privileged {

  private static final boolean HAS_ACCESS_CONTROL = hasAccessControl();

  private Privileged() {}

  /**
   * Runs the work at once, on this thread. Pass no lambda: this runs while a connection opens, and
   * a lambda would load classes there.
   */
  public static <T> T call(PrivilegedAction<T> work) {
    return HAS_ACCESS_CONTROL ? AccessController.doPrivileged(work) : work.run();
  }

  /**
   * False once a Java version has removed the class. Since Java 24 there are no security managers.
   */
  private static boolean hasAccessControl() {
    try {
      Class.forName("java.security.AccessController");
      return true;
    } catch (ClassNotFoundException gone) {
      return false;
    }
  }
}
