package io.walsync.db.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.walsync.config.ConfigLoader;
import io.walsync.config.DbConfig;
import io.walsync.db.events.DbEvents;
import io.walsync.db.settings.DbSettings;
import io.walsync.db.settings.StagingTotal;
import io.walsync.files.DatabaseFile;
import io.walsync.files.FileIdentity;
import io.walsync.hook.ConnectionHook;
import io.walsync.hook.Doorway;
import io.walsync.hook.FileConnection;
import io.walsync.io.Disk;
import io.walsync.sqlite.HostDriver;
import io.walsync.sqlite.ResultCode;
import io.walsync.testkit.NoExecutors;
import io.walsync.teststore.ManualClock;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WalModeTest {

  private static final long STATEMENT = 7;

  @TempDir Path folder;

  private final ManualClock clock = new ManualClock();
  private final Connections connections = new Connections(clock);
  private final List<FileConnection> arriving = new ArrayList<>();
  private final Object nativeDb = new Object();
  private File database;
  private boolean isEnding;

  @BeforeEach
  void aDatabaseInRollbackMode() throws Exception {
    database = folder.resolve("app.db").toFile().getCanonicalFile();
    execute("CREATE TABLE t(v)");
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private ConnectionHook opened() throws Exception {
    ConnectionHook hook = new ConnectionHook(nativeDb, database.getPath(), attached -> {});
    connections.add(hook.main(), FileIdentity.keyOf(database));
    return hook;
  }

  private WalMode walMode(String journalMode) throws Exception {
    Path file = folder.resolve("walsync.yml");
    Files.writeString(
        file,
        "dbs:\n  - path: "
            + database
            + "\n    journal-mode: "
            + journalMode
            + "\n    replica:\n      url: file://"
            + folder.resolve("replica")
            + "\n");
    DbConfig config = ConfigLoader.load(file.toFile(), Map.of()).match(database);
    DbSettings settings =
        new DbSettings(
            database,
            folder.resolve("staging").toFile(),
            config,
            () -> null,
            "file:///replica",
            new Random(1),
            Disk.REAL,
            clock,
            new StagingTotal(1L << 40),
            DbEvents.NONE);
    return new WalMode(settings, connections, new Executors(), () -> isEnding);
  }

  private void require(WalMode mode) throws Exception {
    mode.require(DatabaseFile.of(database), new HostDriver(getClass().getClassLoader()), false);
  }

  private boolean isWal() throws Exception {
    return DatabaseFile.of(database).isWalMode();
  }

  private Duration postponed(WalMode mode) {
    SwitchPostponedException e =
        catchThrowableOfType(SwitchPostponedException.class, () -> require(mode));
    assertThat(e).isNotNull();
    return Duration.ofNanos(e.waitNanos());
  }

  @Test
  void aDatabaseThatNobodyHasOpenIsSwitchedAtOnce() throws Exception {
    require(walMode("wal"));
    assertThat(isWal()).isTrue();
  }

  @Test
  void whoHasJustOpenedItIsLeftInPeaceForAQuarterOfASecond() throws Exception {
    WalMode mode = walMode("wal");
    opened();
    assertThat(postponed(mode)).isEqualTo(Duration.ofMillis(250));
    clock.pass(Duration.ofMillis(100));
    assertThat(postponed(mode)).isEqualTo(Duration.ofMillis(150));
    assertThat(isWal()).isFalse();
    clock.pass(Duration.ofMillis(150));
    require(mode);
    assertThat(isWal()).isTrue();
  }

  @Test
  void whoHasJustClosedItMayBeFollowedByOthersThatAreLeftInPeaceToo() throws Exception {
    WalMode mode = walMode("wal");
    connections.closed(opened().main());
    assertThat(postponed(mode)).isEqualTo(Duration.ofMillis(250));
    assertThat(isWal()).isFalse();
    clock.pass(Duration.ofMillis(200));
    connections.closed(opened().main());
    assertThat(postponed(mode)).as("the first open counts").isEqualTo(Duration.ofMillis(50));
    clock.pass(Duration.ofMillis(50));
    require(mode);
    assertThat(isWal()).isTrue();
  }

  @Test
  void atTheEndOfTheProcessNothingIsWaitedFor() throws Exception {
    WalMode mode = walMode("wal");
    connections.closed(opened().main());
    isEnding = true;
    require(mode);
    assertThat(isWal()).isTrue();
  }

  @Test
  void connectionsThatAreOpenedWithoutAPauseAreWaitedForNoLongerThanTwoSeconds() throws Exception {
    WalMode mode = walMode("wal");
    Duration waited = Duration.ZERO;
    opened();
    while (waited.compareTo(Duration.ofSeconds(2)) < 0) {
      assertThat(postponed(mode)).isPositive();
      clock.pass(Duration.ofMillis(100));
      waited = waited.plusMillis(100);
      opened();
    }
    require(mode);
    assertThat(isWal()).isTrue();
  }

  @Test
  void aConnectionThatIsOnItsWayIsWaitedFor() throws Exception {
    WalMode mode = walMode("wal");
    arriving.add(new ConnectionHook(nativeDb, database.getPath(), attached -> {}).main());
    assertThat(postponed(mode)).isEqualTo(Duration.ofMillis(20));
    arriving.clear();
    require(mode);
    assertThat(isWal()).isTrue();
  }

  @Test
  void aStatementThatIsNotOverKeepsTheModeAndIsNamed() throws Exception {
    WalMode mode = walMode("wal");
    opened().accept(STATEMENT);
    clock.pass(Duration.ofSeconds(1));
    assertThatThrownBy(() -> require(mode))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("could not be switched to WAL")
        .hasMessageContaining("a statement or a transaction is not over");
    assertThat(isWal()).isFalse();
  }

  @Test
  void theEndOfAStatementIsAwaitedAtAnOpenDoorOnceThePatienceIsOver() throws Exception {
    WalMode mode = walMode("wal");
    ConnectionHook hook = opened();
    hook.accept(STATEMENT);
    assertThat(postponed(mode)).isPositive();
    clock.pass(Duration.ofSeconds(2));
    assertThatThrownBy(() -> require(mode)).isInstanceOf(SwitchHeldUpException.class);
    try (Doorway anothers = Doorway.shut(folder.resolve("another.db").toFile())) {
      assertThatThrownBy(() -> require(mode)).isInstanceOf(SwitchHeldUpException.class);
      clock.pass(Duration.ofSeconds(5));
      assertThat(postponed(mode)).as("it comes to the door again").isPositive();
    }
    assertThatThrownBy(() -> require(mode)).isInstanceOf(SwitchHeldUpException.class);
    hook.applyAsLong(STATEMENT, ResultCode.DONE);
    require(mode);
    assertThat(isWal()).isTrue();
  }

  @Test
  void whereTheEntrySaysKeepNothingIsSwitched() throws Exception {
    assertThatThrownBy(() -> require(walMode("keep"))).hasMessageContaining("journal-mode: keep");
    assertThat(isWal()).isFalse();
  }

  @Test
  void aDatabaseInWalModeIsLeftAsItIs() throws Exception {
    execute("PRAGMA journal_mode=wal");
    require(walMode("keep"));
    assertThat(isWal()).isTrue();
  }

  private final class Executors extends NoExecutors {
    @Override
    public List<FileConnection> arriving() {
      return new ArrayList<>(arriving);
    }
  }
}
