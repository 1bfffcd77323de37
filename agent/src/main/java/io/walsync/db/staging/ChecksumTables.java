package io.walsync.db.staging;

import io.walsync.io.Disk;
import java.io.File;
import java.io.IOException;

/**
 * The checksum tables of a staging folder: the one that belongs to its position, and two that exist
 * only while it is found out whether a database continues its replica.
 *
 * <p>Threading: one thread at a time, the database's.
 */
public final class ChecksumTables {

  private final Disk disk;
  private final PageChecksums current;
  private final File currentPath;
  private final File foundPath;
  private final File formerPath;

  ChecksumTables(Disk disk, File folder) {
    this.disk = disk;
    this.currentPath = new File(folder, "pages.sum");
    this.foundPath = new File(folder, "pages.found");
    this.formerPath = new File(folder, "pages.former");
    this.current = new PageChecksums(disk, currentPath);
  }

  PageChecksums current() {
    return current;
  }

  /** A table for the pages that a database is found to have before its replica has been asked. */
  public PageChecksums found() {
    return new PageChecksums(disk, foundPath);
  }

  /**
   * Renames the current table, before {@link Staging#clear}, to keep what the folder said until
   * now.
   *
   * @return the table under its new name
   */
  public PageChecksums retire() throws IOException {
    current.close();
    disk.rename(currentPath, formerPath);
    return new PageChecksums(disk, formerPath);
  }

  /** Deletes the tables of {@link #found} and {@link #retire}. */
  public void deleteSpare() throws IOException {
    disk.delete(foundPath);
    disk.delete(formerPath);
  }
}
