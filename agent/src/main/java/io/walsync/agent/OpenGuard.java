package io.walsync.agent;

import io.walsync.databases.MissingDatabases;
import io.walsync.databases.MissingFile;
import java.io.File;
import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Stands before each open of the application's while a missing database may have to be restored.
 * The open of a database that is there goes on at once; that of a missing one waits for the agent,
 * which may not have started yet.
 *
 * <p>Threading: safe; {@link #accept} on the application's threads.
 */
final class OpenGuard implements ObjIntConsumer<@Nullable Object> {

  private final Runnable hurry;
  private final CountDownLatch known = new CountDownLatch(1);

  /** Null if none is to be restored, or if {@link #failure} says why that is not known. */
  private volatile @Nullable MissingDatabases databases;

  private volatile @Nullable String failure;

  /**
   * @param hurry has the agent start at once
   */
  OpenGuard(Runnable hurry) {
    this.hurry = hurry;
  }

  /** The configuration was read. */
  void begin(@Nullable MissingDatabases missing) {
    databases = missing;
    known.countDown();
  }

  /** The agent will not start; unless it has, or has failed already. */
  void fail(String reason) {
    if (known.getCount() > 0) {
      failure = reason;
      known.countDown();
    }
  }

  /**
   * Throws an undeclared SQLException if the database must not be opened.
   *
   * @param fileName null if it cannot be told
   */
  @Override
  public void accept(@Nullable Object fileName, int flags) {
    File file = fileName == null ? null : MissingFile.of(String.valueOf(fileName), flags);
    if (fileName != null && file == null) {
      return;
    }
    hurry.run();
    awaitConfiguration();
    MissingDatabases missing = databases;
    try {
      if (missing == null) {
        requireNoFailure(file);
      } else if (file == null) {
        missing.restoreAll();
      } else {
        missing.restore(file);
      }
    } catch (SQLException refused) {
      throw OpenGuard.<RuntimeException>undeclared(refused);
    }
  }

  private void requireNoFailure(@Nullable File file) throws SQLException {
    String reason = failure;
    if (reason != null && file != null) {
      throw MissingFile.refusal(file, reason);
    }
  }

  private void awaitConfiguration() {
    boolean isInterrupted = false;
    while (true) {
      try {
        known.await();
        break;
      } catch (InterruptedException later) {
        isInterrupted = true;
      }
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <T extends Throwable> T undeclared(Throwable thrown) throws T {
    throw (T) thrown;
  }
}
