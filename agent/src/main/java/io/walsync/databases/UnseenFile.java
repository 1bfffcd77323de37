package io.walsync.databases;

import io.walsync.config.Config;
import io.walsync.config.DbConfig;
import io.walsync.db.Db;
import io.walsync.files.Descriptors;
import io.walsync.files.KeptFile;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A database of the configuration that this process has open through connections that are not
 * known: their driver was woven while they were open, and none has run a statement since.
 */
public final class UnseenFile {

  /** Open wherever SQLite's locks are those that other processes see. */
  private static final String SHM_SUFFIX = "-shm";

  private static final String WAL_SUFFIX = "-wal";
  private static final String JOURNAL_SUFFIX = "-journal";

  private final File file;
  private final boolean isShared;

  private UnseenFile(File file, boolean isShared) {
    this.file = file;
    this.isShared = isShared;
  }

  /** Whether this system lists which files a process has open. */
  public static boolean areListed() {
    return Descriptors.areListed();
  }

  /**
   * @param among the files of which to tell; null for all
   * @param isKnown whether a connection is known to a file, by its key
   * @return none on systems that do not list a process's files
   */
  static List<UnseenFile> list(
      Config config, @Nullable Set<File> among, Predicate<Object> isKnown) {
    Map<String, Integer> open = Descriptors.openPaths();
    List<UnseenFile> unseen = new ArrayList<>();
    for (Map.Entry<String, Integer> each : open.entrySet()) {
      File file = new File(each.getKey());
      try {
        if ((among == null ? isMeant(config, file, open.keySet()) : among.contains(file))
            && !isKnown.test(Db.fileKey(file))
            && each.getValue() > (KeptFile.isKept(file) ? 1 : 0)) {
          unseen.add(new UnseenFile(file, open.containsKey(file.getPath() + SHM_SUFFIX)));
        }
      } catch (IOException | RuntimeException closedMeanwhile) {
        continue;
      }
    }
    return unseen;
  }

  /**
   * Whether an entry means the file. One that means every file means those that SQLite has another
   * file beside open for: which of the others are databases cannot be seen without opening them.
   */
  private static boolean isMeant(Config config, File file, Set<String> open) {
    DbConfig entry = config.match(file);
    String path = file.getPath();
    return entry != null
        && (!entry.isEverything()
            || open.contains(path + SHM_SUFFIX)
            || open.contains(path + WAL_SUFFIX)
            || open.contains(path + JOURNAL_SUFFIX));
  }

  public File file() {
    return file;
  }

  /** Whether it is in WAL mode, and open to other connections than those that have it open. */
  public boolean isShared() {
    return isShared;
  }

  /** Changes with each commit, whoever makes it, and with each checkpoint. */
  public String state() {
    File wal = new File(file.getPath() + WAL_SUFFIX);
    return file.length()
        + " "
        + file.lastModified()
        + " "
        + wal.length()
        + " "
        + wal.lastModified();
  }
}
