package io.walsync.db.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.walsync.db.events.DbEvents;
import io.walsync.db.lineage.LineageUnknownException;
import io.walsync.db.settings.DbSettings;
import io.walsync.db.settings.StagingTotal;
import io.walsync.db.staging.BootId;
import io.walsync.db.staging.Position;
import io.walsync.db.staging.Staging;
import io.walsync.files.DatabaseFile;
import io.walsync.io.Disk;
import io.walsync.teststore.ManualClock;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContinuityTest {

  private static final String REPLICA = "file:///replica";

  @TempDir Path folder;

  private File database;
  private Staging staging;
  private Continuity continuity;

  @BeforeEach
  void setUp() throws Exception {
    database = folder.resolve("app.db").toFile();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE t(x)");
    }
    staging = Staging.open(Disk.REAL, folder.resolve("staging").toFile());
    staging.save(Position.before(4).of(REPLICA, BootId.of(Disk.REAL)));
    continuity =
        new Continuity(
            new DbSettings(
                database,
                staging.folder(),
                null,
                () -> null,
                REPLICA,
                new Random(1),
                Disk.REAL,
                new ManualClock(),
                new StagingTotal(1L << 40),
                DbEvents.NONE),
            DbEvents.NONE);
  }

  @AfterEach
  void tearDown() throws IOException {
    continuity.evidence().forget();
    staging.close();
  }

  private DatabaseFile file() throws IOException {
    return DatabaseFile.of(database);
  }

  /** Whether the database has to be looked at, to know what it has to do with its replica. */
  private boolean isLookedAt() throws IOException {
    continuity.look(file(), null, staging);
    return continuity.evidence().baseline() != null;
  }

  @Test
  void aDatabaseThatNobodyHasWatchedIsLookedAt() throws Exception {
    assertThat(isLookedAt()).isTrue();
  }

  @Test
  void ofOneThatIsCapturedEverythingIsKnown() throws Exception {
    continuity.captured(staging);

    assertThat(isLookedAt()).isFalse();
    assertThat(continuity.isRelated()).isTrue();
    continuity.requireLineage(file(), null, staging);
  }

  @Test
  void onceItIsClosedSomebodyMayPutAnotherInItsPlace() throws Exception {
    continuity.captured(staging);
    continuity.settled(staging);

    assertThat(isLookedAt()).isTrue();
  }

  @Test
  void whatARunningApplicationPutsThereIsWhatItWants() throws Exception {
    continuity.captured(staging);
    continuity.settled(staging);

    continuity.requireLineage(file(), null, staging);
  }

  @Test
  void ofADatabaseThatThisProcessHasNeverCapturedOnlyTheReplicaCanTell() {
    assertThatThrownBy(() -> continuity.requireLineage(file(), null, staging))
        .isInstanceOf(LineageUnknownException.class);
  }

  @Test
  void ofWhatTheStoreHasNothingOfThereIsNoQuestion() throws Exception {
    staging.save(Position.before(0).of(REPLICA, ""));

    continuity.requireLineage(file(), null, staging);
  }

  @Test
  void aFolderThatIsLostDuringCaptureLeavesNoDoubtUntilTheReplicaIsFoundEmpty() throws Exception {
    continuity.captured(staging);
    continuity.lost();
    continuity.forgotten();
    assertThat(isLookedAt()).isFalse();

    continuity.begun();

    assertThat(isLookedAt()).isTrue();
  }

  @Test
  void aFolderThatIsLostAtAnotherTimeLeavesTheDatabaseUnknown() throws Exception {
    continuity.captured(staging);
    continuity.settled(staging);
    continuity.lost();
    continuity.forgotten();

    assertThat(isLookedAt()).isTrue();
  }

  @Test
  void whatWasDecidedCountsUntilCaptureHasBegunAndTheDatabaseIsClosedAgain() throws Exception {
    staging.marks().markEarlierBoot(true);
    continuity.judged();
    assertThat(isLookedAt()).isFalse();
    assertThat(staging.marks().isOfEarlierBoot()).isTrue();

    continuity.captured(staging);
    assertThat(staging.marks().isOfEarlierBoot()).isFalse();
    continuity.settled(staging);

    assertThat(isLookedAt()).isTrue();
  }

  @Test
  void aDatabaseThatWasDeletedIsNotTheOneThatFollows() throws Exception {
    continuity.captured(staging);
    continuity.vanished();

    assertThat(isLookedAt()).isTrue();
  }
}
