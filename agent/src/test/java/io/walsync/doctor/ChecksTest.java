package io.walsync.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.config.JournalMode;
import io.walsync.replica.s3.S3Fencing;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each check says of facts. */
class ChecksTest {

  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration DAY = Duration.ofHours(24);
  private static final List<Duration> LEVELS =
      List.of(Duration.ofSeconds(30), Duration.ofMinutes(5), Duration.ofHours(1));
  private static final long GIGABYTE = 1_000_000_000L;

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "PRAGMA journal_mode=WAL | WAL | ok | none",
        "PRAGMA journal_mode=DELETE | KEEP | fail | none",
        "PRAGMA journal_mode=DELETE | WAL | ok | none",
        "PRAGMA auto_vacuum=INCREMENTAL | WAL | ok | incremental",
        "PRAGMA auto_vacuum=FULL | WAL | warn | full"
      })
  void aDatabaseIsJudgedByItsHeader(String pragma, JournalMode mode, String worst, String vacuum)
      throws Exception {
    Path file = folder.resolve("app.db");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute(pragma);
      statement.execute("CREATE TABLE t(x)");
    }
    DatabaseHeader header = DatabaseHeader.read(file.toFile());

    assertThat(header.pageSize).isEqualTo(4096);
    assertThat(header.autoVacuum).isEqualTo(vacuum);
    assertThat(worst(DatabaseCheck.of(file.toString(), header, mode))).isEqualTo(worst);
  }

  @Test
  void whatIsNoDatabaseIsSaidToBeNone() throws Exception {
    Path text = Files.writeString(folder.resolve("text"), "x".repeat(200));
    Path brief = Files.writeString(folder.resolve("brief"), "SQLite format 3");
    Path empty = Files.createFile(folder.resolve("empty"));

    assertThat(database(text)).startsWith("fail").contains("it is no SQLite database");
    assertThat(database(brief)).startsWith("fail").contains("it is no SQLite database");
    assertThat(database(folder)).startsWith("fail").contains("it is no file");
    assertThat(database(empty)).startsWith("warn").contains("it is empty");
    assertThat(database(folder.resolve("none"))).startsWith("warn").contains("no such file");
  }

  private static String database(Path file) {
    DatabaseHeader header = DatabaseHeader.read(file.toFile());
    return DatabaseCheck.of(file.toString(), header, JournalMode.WAL).get(0).toString();
  }

  @ParameterizedTest
  @CsvSource({
    "ext4, false, ok, ok",
    "nfs4, true, fail, ok",
    "tmpfs, false, warn, warn",
    "overlay, false, warn, warn"
  })
  void aFileSystemIsJudgedByItsKind(
      String type, boolean isShared, String database, String staging) {
    FileSystemCheck.Facts facts = new FileSystemCheck.Facts(type, isShared, 5 * GIGABYTE, true);

    assertThat(FileSystemCheck.ofDatabase("/d", facts).verdict().word()).isEqualTo(database);
    assertThat(FileSystemCheck.ofStaging("/s", facts, GIGABYTE).verdict().word())
        .isEqualTo(staging);
  }

  @Test
  void aDiskWithLessRoomThanMayBeStagedIsAWarning() {
    FileSystemCheck.Facts facts = new FileSystemCheck.Facts("ext4", false, GIGABYTE, true);

    assertThat(FileSystemCheck.ofStaging("/s", facts, 2 * GIGABYTE).toString())
        .startsWith("warn  staging of /s: ext4, 1.0 GB free, and staging-max-bytes is 2.0 GB");
    assertThat(FileSystemCheck.ofStaging("/s", null, 1).verdict()).isEqualTo(Verdict.WARN);
  }

  @Test
  void aStagingFolderThatMayNotBeWrittenIsAFailure() {
    FileSystemCheck.Facts facts = new FileSystemCheck.Facts("ext4", false, GIGABYTE, false);
    assertThat(FileSystemCheck.ofStaging("/s", facts, 1).toString())
        .startsWith("fail  staging of /s: may not be written by this user");
  }

  @Test
  void theFileSystemOfAFolderThatIsYetToBeMadeIsThatOfTheNextOneAbove() {
    assertThat(FileSystemCheck.ofStaging(folder.resolve("a/b/c").toFile(), 1).found())
        .contains(" free");
  }

  @ParameterizedTest
  @CsvSource({"3.36.0.3, 3.36.0, warn", "3.51.3.0, 3.51.3, ok", "-, -, ok"})
  void aDriverWithTheWalResetBugIsAWarning(String driver, String sqlite, String verdict) {
    assertThat(ApplicationCheck.driver("process 1", driver, sqlite).verdict().word())
        .isEqualTo(verdict);
  }

  @Test
  void severalCopiesOfTheDriverAreAWarningAndADatabaseInTroubleAFailure() {
    assertThat(worst(ApplicationCheck.copies("process 1", "3.36.0.3, 3.54.1.0"))).isEqualTo("warn");
    assertThat(ApplicationCheck.copies("process 1", "3.54.1.0")).isEmpty();
    assertThat(ApplicationCheck.database("/d", "replicating", "0", "").verdict())
        .isEqualTo(Verdict.OK);
    assertThat(ApplicationCheck.database("/d", "fenced", "9", "another writes").toString())
        .startsWith("fail  replication of /d: fenced: another writes. ");
    assertThat(worst(ApplicationCheck.unopened("process 1", "/srv/x.db"))).isEqualTo("warn");
    assertThat(ApplicationCheck.unopened("process 1", "")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"0, ok", "-5000, ok", "90000, warn", "-90000, warn", "900000, fail"})
  void aClockIsJudgedByHowFarItIsOff(long aheadMillis, String verdict) {
    assertThat(StoreCheck.clock("s3://b/p", aheadMillis).verdict().word()).isEqualTo(verdict);
  }

  @Test
  void whoIsAheadOfWhomIsSaid() {
    assertThat(StoreCheck.clock("s3://b/p", 90_000).found()).isEqualTo("90 s ahead of the store's");
    assertThat(StoreCheck.clock("s3://b/p", -90_000).found()).isEqualTo("90 s behind the store's");
  }

  @Test
  void onlyARightThatTheAgentNeedsIsAFailure() {
    StoreFacts facts = new StoreFacts("s3://b/p");
    facts.outcomes.put(StoreFacts.LIST, "");
    facts.outcomes.put(StoreFacts.DELETE, "AccessDenied");
    facts.left = "walsync/doctor-1/first";
    assertThat(worst(StoreCheck.of(facts))).isEqualTo("warn");

    facts.outcomes.put(StoreFacts.READ, "AccessDenied");
    assertThat(worst(StoreCheck.of(facts))).isEqualTo("fail");
  }

  @ParameterizedTest
  @CsvSource({"ATOMIC, ok", "SEQUENTIAL, warn", "NONE, warn"})
  void aStoreThatDoesNotKeepConditionsIsAWarning(S3Fencing fencing, String verdict) {
    StoreFacts facts = new StoreFacts("s3://b/p");
    assertThat(ConditionsCheck.of(facts)).isEmpty();
    facts.fencing = fencing;
    assertThat(worst(ConditionsCheck.of(facts))).isEqualTo(verdict);
  }

  @Test
  void theWaitOfACommitIsReckonedFromTheIntervalAndTheWrite() {
    StoreFacts facts = new StoreFacts("s3://b/p");
    assertThat(LatencyCheck.of(facts, SECOND)).isEmpty();
    facts.medianWriteNanos = 40_000_000;

    Finding finding = LatencyCheck.of(facts, SECOND).get(0);

    assertThat(finding.verdict()).isEqualTo(Verdict.OK);
    assertThat(finding.found()).contains("up to 40 ms", "after about 540 ms, and 1040 ms at");
    assertThat(worst(LatencyCheck.of(facts, Duration.ofMillis(10)))).isEqualTo("warn");
  }

  /** The numbers are those of docs/OPERATIONS.md. */
  @Test
  void whatADatabaseCostsIsReckonedAtListPrice() {
    Finding finding = CostCheck.of("/d", SECOND, LEVELS, DAY, GIGABYTE);

    // 86,400 uploads, 3,192 merges and 191 parts of a snapshot; 3,168 files merged and 239 ranges.
    assertThat(finding.found())
        .startsWith("written all the time up to 89783 writes and 3407 reads a day, $13.51 a month;")
        .contains("is stored for up to $0.69 (S3 Standard, us-east-1, 2025-06)");
    assertThat(CostCheck.of("/d", SECOND, List.of(), DAY, GIGABYTE).found())
        .contains("up to 86400 writes and 0 reads a day, $12.96 a month", "$0.00");
  }

  @Test
  void whatIsKeptIsSaidWithItsStorage() {
    assertThat(HistoryCheck.of("/d", LEVELS, DAY, "1h every commit", true, GIGABYTE).toString())
        .startsWith("ok    history of /d: a snapshot each 24 h; the agent keeps 1h every commit;")
        .contains("would be 30.0 GB a month", "of 3 levels");
    assertThat(HistoryCheck.of("/d", LEVELS, DAY, "", true, 0).found())
        .isEqualTo("a snapshot each 24 h; nothing is deleted");
    assertThat(HistoryCheck.of("/d", List.of(), DAY, "", true, 0).verdict())
        .isEqualTo(Verdict.WARN);
  }

  @Test
  void aDiagnosisIsAsBadAsTheWorstAndIsCounted() {
    Diagnosis diagnosis = new Diagnosis();
    assertThat(diagnosis.worst()).isEqualTo(Verdict.OK);
    diagnosis
        .add(Finding.failure("a", "/x", "broken\nin two", "Mend it"))
        .add(Finding.ok("b", "", "fine"));

    assertThat(diagnosis.worst()).isEqualTo(Verdict.FAIL);
    assertThat(diagnosis.lines())
        .containsExactly(
            "fail  a of /x: broken in two. Mend it", "ok    b: fine", "1 ok, 0 warn, 1 fail");
    assertThat(diagnosis.json()).contains("\"verdict\": \"fail\"", "\"subject\": null");
  }

  private static String worst(List<Finding> findings) {
    return new Diagnosis().addAll(findings).worst().word();
  }
}
