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
  private static final long SQLITE_DONE = 101;

  private final ConnectionHook connection =
      new ConnectionHook(new Object(), DATABASE.getPath(), other -> {});
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
    assertThat(connection.isInside()).isFalse();
    door.close();
    step.join();
    assertThat(connection.isInside()).isTrue();
  }

  @Test
  void aConnectionToAFileOfAnotherNameGoesIn() {
    ConnectionHook other = new ConnectionHook(new Object(), "/data/other.db", attached -> {});
    other.accept(STATEMENT);
    assertThat(other.isInside()).isTrue();
    assertThat(door.awaitOut(List.of(connection))).isTrue();
  }

  @Test
  void aConnectionToADatabaseThatIsNotSwitchedPasses() {
    connection.attach(HookedDatabase.NONE);
    connection.accept(STATEMENT);
    assertThat(connection.isInside()).isFalse();
  }

  @Test
  void whoIsInsideIsSeenUntilHeIsOut() {
    door.close();
    connection.accept(STATEMENT);
    door = Doorway.shut(DATABASE);
    assertThat(door.awaitOut(List.of(connection))).isFalse();
    connection.applyAsLong(STATEMENT, SQLITE_DONE);
    assertThat(door.awaitOut(List.of(connection))).isTrue();
  }

  @Test
  void aStatementThatCouldNotBePreparedIsOut() {
    door.close();
    connection.accept(0L);
    assertThat(connection.isInside()).isTrue();
    connection.applyAsLong(0L, -1);
    assertThat(connection.isInside()).isFalse();
  }

  @Test
  void onlyOneDoorIsShutAtATime() {
    assertThat(Doorway.shut(new File("/data/other.db"))).isNull();
  }
}
