package io.walsync.io;

import org.jspecify.annotations.Nullable;

/**
 * The tasks of {@link AgentThreads} that are to run now, in the order in which they came. The list
 * is linked through the tasks themselves, so that adding one allocates nothing.
 *
 * <p>Threading: used only under the monitor of {@link AgentThreads}.
 */
final class DueTasks {

  /** Something to be done, never twice at once. */
  static class Task {

    final Runnable work;
    boolean isQueued;
    boolean isRunning;
    boolean isRungAgain;
    private @Nullable Task next;

    Task(Runnable work) {
      this.work = work;
    }
  }

  private @Nullable Task first;
  private @Nullable Task last;

  boolean isEmpty() {
    return first == null;
  }

  void add(Task task) {
    task.isQueued = true;
    task.next = null;
    if (last == null) {
      first = task;
    } else {
      last.next = task;
    }
    last = task;
  }

  /** Removes and returns the first task. There must be one. */
  Task take() {
    Task task = first;
    assert task != null : "nothing is due";
    first = task.next;
    if (first == null) {
      last = null;
    }
    task.next = null;
    task.isQueued = false;
    return task;
  }

  void clear() {
    first = null;
    last = null;
  }
}
