package io.walsync.db;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.db.events.DbEvents;
import io.walsync.db.events.Decision;
import io.walsync.replica.ReplicaClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An application is started with a wrong replica, and then with the right one again. */
class OtherReplicaTest {

  private static final String ROW = "INSERT INTO t(v) VALUES(randomblob(3000))";

  @TempDir Path folder;

  private Path home;
  private Path aside;
  private final Set<Decision> heard = ConcurrentHashMap.newKeySet();

  private final class Heard implements DbEvents {
    @Override
    public boolean wantsDecisions() {
      return true;
    }

    @Override
    public void decided(Decision decision, String why) {
      heard.add(decision);
    }
  }

  @BeforeEach
  void begin() throws Exception {
    home = Files.createDirectory(folder.resolve("home"));
    aside = home.resolve(".app.db-walsync/aside");
    try (ReplicatedDatabase database = with("right", client -> client)) {
      run(database, "PRAGMA journal_mode=wal", "CREATE TABLE t(id INTEGER PRIMARY KEY, v)", ROW);
    }
  }

  private ReplicatedDatabase with(String replica, UnaryOperator<ReplicaClient> wrapper)
      throws Exception {
    ReplicatedDatabase database =
        new ReplicatedDatabase(
            home, folder.resolve(replica).toFile(), wrapper, ByHand.REST_AFTER.toNanos());
    database.events = new Heard();
    database.restartAgent();
    return database;
  }

  private static void run(ReplicatedDatabase database, String... statements) throws Exception {
    try (ReplicatedDatabase.App app = database.open()) {
      app.execute(statements);
      database.awaitUploaded();
    }
    database.awaitUploaded();
  }

  private void assertGoesOn() throws Exception {
    heard.clear();
    try (ReplicatedDatabase database = with("right", client -> client)) {
      run(database, ROW);
      assertThat(heard)
          .as("the replica is not read back")
          .doesNotContain(Decision.REPLICA_ADOPTED, Decision.SNAPSHOT);
      assertThat(asideCount()).isLessThanOrEqualTo(3);
      assertThat(home.resolve(".app.db-walsync/replica")).doesNotExist();
      assertThat(DatabaseText.of(database.restore(folder.resolve("restored.db"))))
          .isEqualTo(DatabaseText.of(database.file));
    }
  }

  @Test
  void theFolderGoesOnAfterAStartWithAReplicaThatCannotBeReached() throws Exception {
    UnaryOperator<ReplicaClient> wrong =
        client -> {
          throw new UncheckedIOException(new IOException("there is no such bucket"));
        };
    try (ReplicatedDatabase database = with("wrong", wrong);
        ReplicatedDatabase.App app = database.open()) {
      app.execute(ROW);
      database.takeTurn();
      assertThat(aside).isDirectory();
    }
    assertGoesOn();
  }

  private long asideCount() throws IOException {
    if (!Files.exists(aside)) {
      return 0;
    }
    try (Stream<Path> below = Files.list(aside)) {
      return below.count();
    }
  }

  private void startWith(String replica) throws Exception {
    try (ReplicatedDatabase database = with(replica, client -> client)) {
      run(database, ROW);
    }
  }

  @Test
  void theFolderGoesOnAfterStartsWithSeveralOtherReplicas() throws Exception {
    startWith("wrong");
    startWith("no better");
    startWith("wrong");
    assertThat(asideCount()).isEqualTo(2);
    assertGoesOn();
    assertThat(asideCount()).as("of both wrong ones").isEqualTo(2);
    assertGoesOn();
  }

  @Test
  void theOldestIsForgottenOfMoreThanThree() throws Exception {
    for (String wrong : new String[] {"first", "second", "third", "fourth"}) {
      startWith(wrong);
    }
    assertThat(asideCount()).isEqualTo(3);
    heard.clear();
    startWith("first");
    assertThat(heard).as("read back").doesNotContain(Decision.REPLICA_ADOPTED, Decision.SNAPSHOT);
    assertThat(asideCount()).isEqualTo(3);
  }

  @Test
  void theFolderGoesOnAfterAStartWithAnotherReplica() throws Exception {
    try (ReplicatedDatabase database = with("wrong", client -> client)) {
      run(database, ROW, ROW);
      assertThat(aside).isDirectory();
    }
    assertGoesOn();
  }
}
