package io.walsync.db.staging;

import io.walsync.io.Disk;
import io.walsync.ltx.Crc64;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What the staging folder held for other replicas, each in a folder of its own below {@code aside}:
 * a start with a wrong bucket is no reason to forget how far the right one is. It is taken back by
 * the next start with that replica, and proved as if it had never been away.
 *
 * <p>A kill may come between any two files. The position goes first when they are put aside and
 * comes last when they are taken back: without it the rest counts for nothing, and with it what is
 * missing is noticed.
 */
final class AsideFolder {

  /** Longer than it takes to notice that the replica is a wrong one. */
  private static final long KEPT_MILLIS = TimeUnit.DAYS.toMillis(7);

  /** More are not tried by mistake one after the other. The oldest goes. */
  private static final int MAX_KEPT = 3;

  private static final String POSITION = "position";

  /** Beside the staged files, what the position is worth nothing without. */
  private static final String[] TABLES = {"pages.sum", "states"};

  private static final Comparator<FolderTree> NEWEST_FIRST =
      Comparator.comparingLong((FolderTree kept) -> kept.root().lastModified()).reversed();

  private final Disk disk;
  private final FolderTree folder;
  private final File root;

  AsideFolder(Disk disk, FolderTree folder) {
    this.disk = disk;
    this.folder = folder;
    this.root = new File(folder.root(), "aside");
  }

  private FolderTree of(String replicaUrl) {
    byte[] url = replicaUrl.getBytes(StandardCharsets.UTF_8);
    long number = Crc64.update(0, url, 0, url.length);
    return new FolderTree(disk, new File(root, String.format("%016x", number)));
  }

  /** Whether something is aside of a replica, and worth taking back. */
  boolean isOf(String replicaUrl) {
    try {
      File path = new File(of(replicaUrl).root(), POSITION);
      Position position = new PositionFile(disk, path).load();
      return position != null && position.replicaUrl().equals(replicaUrl);
    } catch (IOException unreadable) {
      return false;
    }
  }

  /** Puts aside what the folder holds, in place of what was there of the same replica. */
  void put(String replicaUrl) throws IOException {
    disk.createFolder(root);
    FolderTree aside = of(replicaUrl);
    drop(aside);
    aside.create();
    move(folder, aside, POSITION);
    moveRest(folder, aside);
  }

  /** Takes back what is aside of a replica. The folder must hold nothing. */
  void takeBack(String replicaUrl) throws IOException {
    FolderTree aside = of(replicaUrl);
    moveRest(aside, folder);
    move(aside, folder, POSITION);
    drop(aside);
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

  /**
   * Deletes what nobody has taken back for long, and the oldest of what is too much.
   *
   * @param maxBytes of staged files that are kept aside; the newest may have more
   */
  void prune(long maxBytes) throws IOException {
    if (!root.isDirectory()) {
      return;
    }
    long since = System.currentTimeMillis() - KEPT_MILLIS;
    List<FolderTree> newestFirst = newestFirst();
    long bytes = 0;
    for (int i = 0; i < newestFirst.size(); i++) {
      FolderTree kept = newestFirst.get(i);
      bytes += kept.stagedBytes();
      if (i >= MAX_KEPT || i > 0 && bytes > maxBytes || kept.root().lastModified() < since) {
        drop(kept);
      }
    }
    if (FolderTree.filesOf(root).length == 0) {
      disk.delete(root);
    }
  }

  private List<FolderTree> newestFirst() throws IOException {
    List<FolderTree> kept = new ArrayList<>();
    for (File below : FolderTree.filesOf(root)) {
      if (below.isDirectory()) {
        kept.add(new FolderTree(disk, below));
      }
    }
    kept.sort(NEWEST_FIRST);
    return kept;
  }

  private void drop(FolderTree aside) throws IOException {
    if (!aside.root().isDirectory()) {
      return;
    }
    aside.create();
    for (File file : aside.stagedFiles()) {
      disk.delete(file);
    }
    aside.delete();
  }
}
