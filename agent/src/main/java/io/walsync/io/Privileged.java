package io.walsync.io;

import java.security.AccessController;
import java.security.PrivilegedAction;

/**
 * Work of the agent's on an application's thread, where a security manager would ask whether the
 * application, too, may do it. What the agent itself may do is the affair of its own policy entry.
 */
public final class Privileged {

  private static final boolean HAS_ACCESS_CONTROL = hasAccessControl();

  private Privileged() {}

  /** Runs the work at once, on this thread. No lambda, please: it is on the way of an open. */
  public static <T> T call(PrivilegedAction<T> work) {
    return HAS_ACCESS_CONTROL ? AccessController.doPrivileged(work) : work.run();
  }

  /** Since Java 24 there are no security managers; what is left of them may go too. */
  private static boolean hasAccessControl() {
    try {
      Class.forName("java.security.AccessController");
      return true;
    } catch (ClassNotFoundException gone) {
      return false;
    }
  }
}
