package io.walsync.doctor;

import io.walsync.config.JournalMode;
import java.util.ArrayList;
import java.util.List;

/** Whether a file is a database that can be replicated. */
public final class DatabaseCheck {

  private static final String NAME = "database";

  private DatabaseCheck() {}

  /**
   * @param path of the database
   * @param mode what the configuration says of databases that are not in WAL mode
   */
  public static List<Finding> of(String path, DatabaseHeader header, JournalMode mode) {
    List<Finding> findings = new ArrayList<>();
    if (!header.exists) {
      findings.add(
          Finding.warning(
              NAME,
              path,
              "there is no such file",
              "If the application does not make it, check the path, or restore it before the"
                  + " application starts"));
      return findings;
    }
    if (header.sizeBytes == 0) {
      findings.add(
          Finding.warning(
              NAME, path, "it is empty", "It is replicated once it has its first table"));
      return findings;
    }
    if (header.problem != null) {
      findings.add(
          Finding.failure(
              NAME,
              path,
              header.problem,
              "Check the path and who may read it; encrypted databases are not replicated"));
      return findings;
    }
    findings.add(journal(path, header, mode));
    findings.add(vacuum(path, header));
    return findings;
  }

  private static Finding journal(String path, DatabaseHeader header, JournalMode mode) {
    String found =
        (header.isWal ? "WAL" : "rollback journal")
            + ", "
            + Amount.bytes(header.sizeBytes)
            + " in pages of "
            + header.pageSize
            + " bytes";
    if (header.isWal) {
      return Finding.ok(NAME, path, found);
    }
    return mode == JournalMode.KEEP
        ? Finding.failure(
            NAME,
            path,
            found + ", and journal-mode is keep",
            "It is not replicated: set journal-mode: wal, or PRAGMA journal_mode=WAL yourself")
        : Finding.ok(
            NAME, path, found, "The agent switches it to WAL when the application opens it");
  }

  private static Finding vacuum(String path, DatabaseHeader header) {
    return header.autoVacuum.equals("full")
        ? Finding.warning(
            "auto_vacuum",
            path,
            "full: each commit that frees pages moves others, which are uploaded too",
            "PRAGMA auto_vacuum=INCREMENTAL moves pages only when it is asked to")
        : Finding.ok("auto_vacuum", path, header.autoVacuum);
  }
}
