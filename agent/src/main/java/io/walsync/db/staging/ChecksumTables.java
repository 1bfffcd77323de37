package io.walsync.db.staging;

import io.walsync.io.Disk;
import java.io.File;
import java.io.IOException;

/**
 * The checksum tables of a staging folder: the one that its position goes with, and two that are
 * there while it is found out what a database has to do with its replica.
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

  /** A table for what a database is found to be before anything is known of its replica. */
  public PageChecksums found() {
    return new PageChecksums(disk, foundPath);
  }

  /**
   * Puts the current table aside, before {@link Staging#clear}: what the folder believed until now.
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
