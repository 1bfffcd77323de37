package io.walsync.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.walsync.db.application.Connections;
import io.walsync.hook.ConnectionHook;
import io.walsync.testkit.NoExecutors;
import io.walsync.teststore.ManualClock;
import java.io.File;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class EntranceTest {

  private static final File DATABASE = new File("/data/app.db");
  private static final long STATEMENT = 7;
  private static final long SQLITE_DONE = 101;

  /** Held: a connection whose native one was collected is not inside. */
  private final Object nativeDb = new Object();

  private final ConnectionHook application =
      new ConnectionHook(nativeDb, DATABASE.getPath(), other -> {});
  private final ManualClock clock = new ManualClock();
  private final Connections connections = new Connections(clock);
  private final AtomicBoolean isAssigning = new AtomicBoolean();
  private final List<String> order = Collections.synchronizedList(new ArrayList<>());
  private final Entrance entrance = new Entrance(DATABASE, connections, new Executors(), clock);

  @Test
  void aStatementThatBeginsDuringTheStepWaitsForItsEnd() throws Exception {
    connections.add(application.main(), "file");
    Thread statement = new Thread(this::runStatement);
    entrance.alone(
        () -> {
          statement.start();
          await().until(() -> statement.getState() == Thread.State.TIMED_WAITING);
          order.add("step");
        });
    statement.join();
    assertThat(order).containsExactly("step", "statement");
  }

  @Test
  void theStepWaitsForAStatementThatHasBegun() throws Exception {
    connections.add(application.main(), "file");
    application.accept(STATEMENT);
    Thread end =
        new Thread(
            () -> {
              order.add("statement");
              application.applyAsLong(STATEMENT, SQLITE_DONE);
            });
    end.start();
    entrance.alone(() -> order.add("step"));
    end.join();
    assertThat(order).containsExactly("statement", "step");
  }

  @Test
  void aStatementThatDoesNotEndIsNotWaitedForForEver() throws Exception {
    connections.add(application.main(), "file");
    application.accept(STATEMENT);
    entrance.alone(() -> order.add("step"));
    assertThat(order).containsExactly("step");
  }

  @Test
  void anApplicationThatOpensConnectionsWithoutEndIsEnteredAllTheSame() throws Exception {
    isAssigning.set(true);
    long begin = clock.nanoTime();
    entrance.alone(() -> order.add("step"));
    assertThat(order).containsExactly("step");
    assertThat(Duration.ofNanos(clock.nanoTime() - begin))
        .isBetween(Duration.ofMillis(50), Duration.ofMillis(51));
  }

  @Test
  void theDoorIsOpenAgainAfterAStepThatFails() {
    try {
      entrance.alone(
          () -> {
            throw new java.io.IOException("failed");
          });
    } catch (java.io.IOException | java.sql.SQLException expected) {
      order.add(expected.getMessage());
    }
    runStatement();
    assertThat(order).containsExactly("failed", "statement");
  }

  private void runStatement() {
    application.accept(STATEMENT);
    order.add("statement");
    application.applyAsLong(STATEMENT, SQLITE_DONE);
  }

  private final class Executors extends NoExecutors {
    @Override
    public boolean isAssigning() {
      return isAssigning.get();
    }
  }
}
