package io.walsync.agent;

import java.lang.reflect.Field;

/**
 * Runs work after the last of the application's shutdown hooks and before the JVM halts. The JVM
 * ends in numbered steps ({@code java.lang.Shutdown}: the console, the shutdown hooks, the files of
 * {@code deleteOnExit}). A step is added before the last one, which may delete databases. It is
 * added when the end has begun, so that a JVM which goes on is unchanged.
 */
final class BeforeHalt {

  private static final String STEPS = "java.lang.Shutdown";
  private static final String LAST_STEP = "java.io.DeleteOnExitHook";
  private static final int LAST_STEP_NUMBER = 2;

  private BeforeHalt() {}

  /**
   * @param work runs on the thread that ends the JVM, which may be one of the application's
   * @return false if this JVM does not allow it; nothing has changed then
   */
  static boolean run(Runnable work) {
    try {
      // Loaded now: it would otherwise add itself later, and find its place taken.
      Class.forName(LAST_STEP, true, null);
      Class<?> type = Class.forName(STEPS, true, null);
      Object lock = staticField(type, "lock");
      Runnable[] steps = (Runnable[]) staticField(type, "hooks");
      synchronized (lock) {
        steps[LAST_STEP_NUMBER] = new Before(work, steps[LAST_STEP_NUMBER]);
      }
      return true;
    } catch (ReflectiveOperationException | RuntimeException | LinkageError anotherKindOfJvm) {
      return false;
    }
  }

  private static Object staticField(Class<?> type, String name)
      throws ReflectiveOperationException {
    Field field = type.getDeclaredField(name);
    field.setAccessible(true);
    return field.get(null);
  }

  private static final class Before implements Runnable {

    private final Runnable first;
    private final Runnable then;

    Before(Runnable first, Runnable then) {
      this.first = first;
      this.then = then;
    }

    @Override
    public void run() {
      try {
        first.run();
      } finally {
        if (then != null) {
          then.run();
        }
      }
    }
  }
}
