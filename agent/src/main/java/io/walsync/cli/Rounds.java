package io.walsync.cli;

import io.walsync.config.Config;
import io.walsync.config.ConfigException;
import io.walsync.config.DbConfig;
import io.walsync.config.JournalMode;
import io.walsync.config.ReplicaConfig;
import io.walsync.config.ReplicaType;
import io.walsync.doctor.ApplicationCheck;
import io.walsync.doctor.ConditionsCheck;
import io.walsync.doctor.CostCheck;
import io.walsync.doctor.DatabaseCheck;
import io.walsync.doctor.DatabaseHeader;
import io.walsync.doctor.Diagnosis;
import io.walsync.doctor.FileSystemCheck;
import io.walsync.doctor.Finding;
import io.walsync.doctor.HistoryCheck;
import io.walsync.doctor.LatencyCheck;
import io.walsync.doctor.StoreCheck;
import io.walsync.doctor.StoreFacts;
import io.walsync.doctor.StoreProbe;
import io.walsync.replica.ReplicaClient;
import io.walsync.status.StatusAnswer;
import java.io.File;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Takes the checks of {@code doctor} to what they are about. */
final class Rounds {

  /** Databases of one entry, and stores; the next ones would say the same again. */
  private static final int MOST = 10;

  /** In a directory that is a replica. */
  private static final String MARK = ".walsync-replica";

  private static final Duration DEFAULT_SYNC_INTERVAL = Duration.ofSeconds(1);

  private final Diagnosis diagnosis;
  private final ReplicaOpener opener;
  private final Set<String> asked = new HashSet<>();

  Rounds(Diagnosis diagnosis, ReplicaOpener opener) {
    this.diagnosis = diagnosis;
    this.opener = opener;
  }

  /** All entries: their databases as far as they are there, and their stores. */
  void everything(Config config) throws IOException {
    for (DbConfig entry : config.dbs()) {
      if (entry.isExact()) {
        database(config, entry, entry.root());
        continue;
      }
      long largest = 0;
      int count = 0;
      if (!entry.isEverything()) {
        for (File file : DatabaseSearch.below(entry)) {
          if (config.match(file) == entry && count < MOST) {
            count++;
            largest = Math.max(largest, file(entry, file));
          }
        }
      }
      store(entry.replica(), entry.syncInterval());
      history(config, entry, "each of " + entry.pattern(), largest);
    }
  }

  void database(Config config, DbConfig entry, File database) throws IOException {
    long bytes = file(entry, database);
    store(entry.replicaFor(database), entry.syncInterval());
    history(config, entry, database.getPath(), bytes);
  }

  void replica(ReplicaConfig replica) throws IOException {
    store(replica, DEFAULT_SYNC_INTERVAL);
  }

  /**
   * Returns the size of the database.
   *
   * @return 0 if there is none
   */
  private long file(DbConfig entry, File database) {
    DatabaseHeader header = DatabaseHeader.read(database);
    diagnosis.addAll(DatabaseCheck.of(database.getPath(), header, entry.journalMode()));
    diagnosis.add(FileSystemCheck.ofDatabase(database));
    diagnosis.add(
        FileSystemCheck.ofStaging(entry.metaFolderFor(database), entry.stagingMaxBytes()));
    return header.sizeBytes();
  }

  private void history(Config config, DbConfig entry, String subject, long bytes) {
    diagnosis.add(HistoryCheck.of(entry, subject, config.isRetentionEnabled(), bytes));
    diagnosis.addAll(CostCheck.of(entry, subject, bytes));
  }

  private void store(ReplicaConfig replica, Duration syncInterval) throws IOException {
    if (asked.size() >= MOST || !asked.add(replica.url())) {
      return;
    }
    File mark = new File(replica.path(), MARK);
    if (replica.type() == ReplicaType.FILE && !mark.exists()) {
      diagnosis.add(StoreCheck.ofFolder(replica.url(), new File(replica.path())));
      return;
    }
    try (ReplicaClient client = opener.open(replica)) {
      StoreFacts facts = new StoreProbe(client).run();
      diagnosis.addAll(StoreCheck.of(facts));
      diagnosis.addAll(ConditionsCheck.of(facts));
      diagnosis.addAll(LatencyCheck.of(facts, syncInterval));
    }
  }

  /**
   * A running JVM, and the files of its databases.
   *
   * @param isStatusWanted whether to ask for the status once more, for programs
   * @return that status; null if it is not wanted
   */
  @Nullable String process(String pid, AttachedJvm jvm, boolean isStatusWanted)
      throws IOException, ConfigException, UsageException {
    String[] rows =
        jvm.ask("status", "rows")
            .ofAnAgent()
            .body()
            .split(String.valueOf(StatusAnswer.LINE_END), -1);
    String process = "process " + pid;
    if (!rows[0].isEmpty()) {
      String[] agent = StatusCommand.cells(rows[0], StatusCommand.AGENT_CELLS);
      diagnosis.add(ApplicationCheck.agent(process, agent[0], agent[1], agent[5]));
      diagnosis.add(ApplicationCheck.driver(process, agent[2], agent[3]));
      diagnosis.addAll(ApplicationCheck.unopened(process, agent[StatusCommand.UNOPENED]));
    }
    for (SqliteJvm each : SqliteJvm.running()) {
      if (String.valueOf(each.pid).equals(pid)) {
        diagnosis.addAll(ApplicationCheck.copies(process, each.driverVersion));
      }
    }
    databases(rows);
    return isStatusWanted
        ? jvm.ask("status", "json").ofAnAgent().body().replace(StatusAnswer.LINE_END, '\n')
        : null;
  }

  private void databases(String... rows) throws AttachException {
    for (int i = 1; i < rows.length - 1; i++) {
      String[] cells = StatusCommand.cells(rows[i], StatusCommand.CELLS);
      File file = new File(cells[0]);
      diagnosis.add(
          ApplicationCheck.database(cells[0], cells[1], cells[2], cells[StatusCommand.REASON]));
      List<Finding> found = DatabaseCheck.of(cells[0], DatabaseHeader.read(file), JournalMode.WAL);
      diagnosis.addAll(found).add(FileSystemCheck.ofDatabase(file));
    }
  }
}
