package io.walsync.db.settings;

import io.walsync.hook.FileConnection;
import io.walsync.host.Host;
import io.walsync.io.AgentThreads;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** What all databases of the process share: threads, and what is known of the host. */
public interface DbExecutors {

  /** Runs databases: capture, checkpoints, snapshots. A database occupies one thread at a time. */
  AgentThreads capture();

  /** Runs requests to stores: bounded, so that a slow store cannot take every thread. */
  Executor uploads();

  /** Lists replicas. Apart from uploads, so that an upload never waits for a listing. */
  default Executor listings() {
    return uploads();
  }

  /**
   * Has the past of a database worked on later, on the one thread of the process that does so. Here
   * nothing is worked on.
   *
   * @param work once at most; not at all if the process ends before
   */
  default void compactAfter(long nanos, Runnable work) {}

  /** The least time between two listings of one replica, in nanoseconds. */
  default long listingIntervalNanos() {
    return TimeUnit.HOURS.toNanos(1);
  }

  /** Whether there are {@link #arriving} connections. */
  default boolean isAssigning() {
    return false;
  }

  /** Open connections that are not assigned to a database yet; the caller may keep the list. */
  default List<FileConnection> arriving() {
    return new ArrayList<>();
  }

  /** A time in which nothing is uploaded. */
  default Pause pause() {
    return Pause.NEVER;
  }

  /** What is known of the process and the machine. */
  Host host();

  /**
   * How long a database must be idle before the agent first closes its connections to it. Half of
   * it must be more than a tick of the file system's clock.
   */
  default long restAfterNanos() {
    return TimeUnit.MILLISECONDS.toNanos(500);
  }
}
