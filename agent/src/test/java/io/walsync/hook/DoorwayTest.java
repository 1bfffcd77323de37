package io.walsync.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DoorwayTest {

  private static final File DATABASE = new File("/data/app.db");
  private static final long STATEMENT = 7;
  private static final long BEGIN = 8;
  private static final long COMMIT = 9;
  private static final long SQLITE_DONE = 101;
  private static final long END_NANOS = 1_000_000;

  /** Held: a connection whose native one was collected is not inside. */
  private final Object nativeDb = new Object();

  private final ConnectionHook connection =
      new ConnectionHook(nativeDb, DATABASE.getPath(), other -> {});
  private Doorway door;

  @BeforeEach
  void shut() {
    door = Doorway.shut(DATABASE);
  }

  @AfterEach
  void open() {
    door.close();
  }

  @Test
  void aConnectionThatMayHaveTheFileWaitsUntilTheDoorOpens() throws Exception {
    Thread step = new Thread(() -> connection.accept(STATEMENT));
    step.start();
    await().until(() -> step.getState() == Thread.State.TIMED_WAITING);
    assertThat(connection.main().isInside()).isFalse();
    door.close();
    step.join();
    assertThat(connection.main().isInside()).isTrue();
  }

  @Test
  void aConnectionToAFileOfAnotherNameGoesIn() {
    ConnectionHook other = new ConnectionHook(nativeDb, "/data/other.db", attached -> {});
    other.accept(STATEMENT);
    assertThat(other.main().isInside()).isTrue();
    assertThat(door.awaitOut(List.of(connection.main()))).isTrue();
  }

  @Test
  void aConnectionToADatabaseThatIsNotSwitchedPasses() {
    connection.main().attach(HookedDatabase.NONE);
    connection.accept(STATEMENT);
    assertThat(connection.main().isInside()).isFalse();
  }

  @Test
  void whoIsInsideIsSeenUntilHeIsOut() {
    door.close();
    connection.accept(STATEMENT);
    door = Doorway.shut(DATABASE);
    assertThat(door.awaitOut(List.of(connection.main()))).isFalse();
    connection.applyAsLong(STATEMENT, SQLITE_DONE);
    assertThat(door.awaitOut(List.of(connection.main()))).isTrue();
  }

  @Test
  void aStatementThatCouldNotBePreparedIsOut() {
    door.close();
    connection.accept(0L);
    assertThat(connection.main().isInside()).isTrue();
    connection.applyAsLong(0L, -1);
    assertThat(connection.main().isInside()).isFalse();
  }

  @Test
  void aTransactionGoesOnFromItsFirstStatementAndItsEndIsWaitedFor() {
    connection.accept("BEGIN", BEGIN);
    connection.accept("COMMIT", COMMIT);
    door.close();
    run(BEGIN);
    assertThat(connection.main().isInsideOrHolding()).isFalse();
    run(STATEMENT);
    door = Doorway.shut(DATABASE);
    assertThat(door.awaitOut(List.of(connection.main()))).isTrue();
    assertThat(door.awaitEnd(List.of(connection.main()), END_NANOS)).isFalse();
    run(STATEMENT);
    assertThat(connection.main().isInsideOrHolding()).isTrue();
    run(COMMIT);
    assertThat(door.awaitEnd(List.of(connection.main()), END_NANOS)).isTrue();
  }

  @Test
  void theLastKeyThatTheDriverHasAskedForAndNotReadIsNobodyInside() {
    connection.accept("select last_insert_rowid();", STATEMENT);
    connection.accept(STATEMENT);
    assertThat(connection.main().isInside()).isFalse();
  }

  @Test
  void aConnectionThatWasClosedIsNotInside() {
    door.close();
    connection.accept(STATEMENT);
    connection.accept(ConnectionHook.CLOSE, 0);
    assertThat(connection.main().isInside()).isFalse();
  }

  private void run(long statement) {
    connection.accept(statement);
    connection.applyAsLong(statement, SQLITE_DONE);
  }

  @Test
  void onlyOneDoorIsShutAtATime() {
    assertThat(Doorway.shut(new File("/data/other.db"))).isNull();
  }
}
