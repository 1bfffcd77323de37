package io.walsync.io;

/**
 * The tasks of {@link AgentThreads} that are to run now, in the order in which they came: a list
 * through the tasks themselves, to join which allocates nothing.
 *
 * <p>Threading: under the monitor of the threads.
 */
final class DueTasks {

  /** Something to be done, never twice at once. */
  static class Task {

    final Runnable work;
    boolean isQueued;
    boolean isRunning;
    boolean isRungAgain;
    private Task next;

    Task(Runnable work) {
      this.work = work;
    }
  }

  private Task first;
  private Task last;

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

  /** The first, which there is. */
  Task take() {
    Task task = first;
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
