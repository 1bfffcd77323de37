package io.walsync.db.staging;

import io.walsync.io.Disk;
import java.io.File;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * What the staging folder held for another replica, in a folder of its own below it: a start with a
 * wrong bucket is no reason to forget how far the right one is. It is taken back by the next start
 * with that replica, and proved as if it had never been away.
 *
 * <p>A kill may come between any two files. The position goes first when they are put aside and
 * comes last when they are taken back: without it the rest counts for nothing, and with it what is
 * missing is noticed.
 */
final class AsideFolder {

  /** Longer than it takes to notice that the replica is a wrong one. */
  private static final long KEPT_MILLIS = TimeUnit.DAYS.toMillis(7);

  private static final String POSITION = "position";

  /** Beside the staged files, what the position is worth nothing without. */
  private static final String[] TABLES = {"pages.sum", "states"};

  private final Disk disk;
  private final FolderTree folder;
  private final FolderTree aside;

  AsideFolder(Disk disk, FolderTree folder) {
    this.disk = disk;
    this.folder = folder;
    this.aside = new FolderTree(disk, new File(folder.root(), "aside"));
  }

  /** Whether what is aside is of a replica, and worth taking back. */
  boolean isOf(String replicaUrl) {
    try {
      Position position = new PositionFile(disk, new File(aside.root(), POSITION)).load();
      return position != null && position.replicaUrl().equals(replicaUrl);
    } catch (IOException unreadable) {
      return false;
    }
  }

  /** Whether anything is aside and nobody has taken it back for long. */
  boolean isOld() {
    File root = aside.root();
    return root.isDirectory() && System.currentTimeMillis() - root.lastModified() > KEPT_MILLIS;
  }

  /** Puts aside what the folder holds, in place of what was. */
  void put() throws IOException {
    drop();
    aside.create();
    move(folder, aside, POSITION);
    moveRest(folder, aside);
  }

  /** Takes back what is aside. The folder must hold nothing. */
  void takeBack() throws IOException {
    moveRest(aside, folder);
    move(aside, folder, POSITION);
    drop();
  }

  private void moveRest(FolderTree from, FolderTree to) throws IOException {
    for (String table : TABLES) {
      move(from, to, table);
    }
    for (File file : from.stagedFiles()) {
      String below = from.root().toPath().relativize(file.toPath()).toString();
      move(from, to, below);
    }
  }

  private void move(FolderTree from, FolderTree to, String name) throws IOException {
    File file = new File(from.root(), name);
    if (file.exists()) {
      disk.rename(file, new File(to.root(), name));
    }
  }

  /** Deletes what is aside. */
  void drop() throws IOException {
    File root = aside.root();
    if (!root.isDirectory()) {
      return;
    }
    aside.create();
    for (File file : aside.stagedFiles()) {
      disk.delete(file);
    }
    aside.delete();
  }
}
