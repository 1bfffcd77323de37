package io.walsync.restore;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.TimeUnit;

/** What may stand where a database is restored to. */
enum TargetRule {
  /** Nothing: neither a database nor what SQLite keeps beside one. */
  NEW,

  /** Any database, with its companions, as long as no process has it open. */
  REPLACE,

  /**
   * Nothing, or an empty file. Others may be about to open the database, so its name is taken
   * before the file is renamed to it.
   */
  MISSING;

  /**
   * Files that SQLite keeps beside a database, in the order of removal. The WAL is first: it must
   * never be beside the new file.
   */
  private static final String[] COMPANIONS = {"-wal", "-shm", "-journal"};

  /**
   * A driver that is about to open a database that is not there makes an empty file, to see whether
   * it can, and deletes whatever then stands under the name. So a young one is left alone.
   */
  private static final long YOUNG_MILLIS = TimeUnit.SECONDS.toMillis(2);

  /**
   * @throws TargetRefusedException if the target must not be written
   * @throws TargetBusyException if it must not yet
   */
  void check(File target, OpenFileCheck openFileCheck) throws IOException {
    if (target.isDirectory()) {
      throw new TargetRefusedException("restore to " + target + ": it is a directory", false);
    }
    if (this == REPLACE) {
      if (target.exists() && openFileCheck.isOpen(target)) {
        throw new TargetRefusedException(
            "restore to " + target + ": a process has this database open; stop it first", false);
      }
      return;
    }
    if (target.exists() && (this == NEW || target.length() > 0)) {
      throw new TargetRefusedException("restore to " + target + ": the file exists", true);
    }
    if (target.exists() && isYoung(target)) {
      throw new TargetBusyException("restore to " + target + ": an empty file has just been made");
    }
    for (String suffix : COMPANIONS) {
      File companion = new File(target.getPath() + suffix);
      if (companion.exists()) {
        throw new TargetRefusedException(
            "restore to "
                + target
                + ": "
                + companion.getName()
                + " of an older database is there and would change the restored one",
            true);
      }
    }
  }

  private static boolean isYoung(File file) {
    return Math.abs(System.currentTimeMillis() - file.lastModified()) < YOUNG_MILLIS;
  }

  /**
   * Takes the name, where others may take it too, so that nobody else makes a file of that name.
   *
   * @throws TargetBusyException if somebody was faster
   */
  void takeName(File target) throws IOException {
    if (this == MISSING && !target.exists() && !target.createNewFile()) {
      throw new TargetBusyException("restore to " + target + ": a file has just been made there");
    }
  }

  /** Removes what SQLite keeps beside a database. */
  static void removeCompanions(File database) throws IOException {
    for (String suffix : COMPANIONS) {
      Files.deleteIfExists(new File(database.getPath() + suffix).toPath());
    }
  }
}
