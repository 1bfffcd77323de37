package io.walsync.replica.file;

import io.walsync.io.FileAccess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * The folder of one replica, and whether it is there. A folder that is missing or empty may be one
 * that nothing was replicated to yet, or a place where a disk ought to be mounted. What tells them
 * apart: the mark in the folder, where its file system is mounted, and links that lead nowhere.
 */
final class ReplicaFolder {

  static final String MARK = ".walsync-replica";

  private static final String MARK_TEXT =
      "A replica of a database is in this folder. This file tells it from an empty folder on which"
          + " a disk ought to be mounted; leave it here.\n";

  /** What Litestream v0.3 has its replicas in. */
  private static final String GENERATIONS = "generations";

  private final Path root;
  private final Path mark;
  private final Path ltxFolder;

  /**
   * @param root absolute
   */
  ReplicaFolder(Path root) {
    this.root = root;
    this.mark = root.resolve(MARK);
    this.ltxFolder = root.resolve("ltx");
  }

  /** Marks the folder; does nothing if it has its mark. */
  void mark(FileAccess access) throws IOException {
    if (access.createFile(mark)) {
      Files.write(mark, MARK_TEXT.getBytes(StandardCharsets.UTF_8));
      NewFile.syncFolder(root);
    }
  }

  /** Identifies the mark: another folder at the same path has another. Null without a mark. */
  @Nullable Object markKey() throws IOException {
    try {
      return Files.readAttributes(mark, BasicFileAttributes.class).fileKey();
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /** Whether a replica is here, empty or not. */
  boolean isThere() throws IOException {
    return Files.exists(mark) || hasFiles();
  }

  private boolean hasFiles() throws IOException {
    if (!Files.isDirectory(ltxFolder)) {
      return false;
    }
    try (DirectoryStream<Path> levels = Files.newDirectoryStream(ltxFolder)) {
      for (Path level : levels) {
        if (Files.isDirectory(level) && !isEmpty(level)) {
          return true;
        }
      }
    }
    return false;
  }

  /** The mount point of the file system that the folder is on, or would be; "" if unknown. */
  String place(MountTable mounts) throws IOException {
    Path existing = nearestExisting();
    Path mountPoint = existing == null ? null : mounts.mountPointOf(existing.toRealPath());
    return mountPoint == null ? "" : mountPoint.toString();
  }

  /** Why the folder cannot be where it belongs, for certain and in words; null if it can. */
  @Nullable String whyMissing(MountTable mounts) throws IOException {
    for (Path above = root; above != null; above = above.getParent()) {
      if (Files.isSymbolicLink(above) && !Files.exists(above)) {
        return "the symbolic link "
            + above
            + " leads to "
            + Files.readSymbolicLink(above)
            + ", which does not exist (is its disk mounted?)";
      }
    }
    Path existing = nearestExisting();
    Path real = existing == null ? root : existing.toRealPath().resolve(existing.relativize(root));
    Path missing = mounts.missingAbove(real);
    return missing == null
        ? null
        : "/etc/fstab has a file system for " + missing + ", which is not mounted";
  }

  /**
   * Why there may be a replica although there is no file of one, in words; null if there is none.
   */
  @Nullable String explainEmpty(MountTable mounts, String url) throws IOException {
    if (isThere()) {
      return null;
    }
    if (Files.isDirectory(root.resolve(GENERATIONS))) {
      return explainOldFormat(url);
    }
    String whyMissing = whyMissing(mounts);
    if (whyMissing != null) {
      return url + " is not there: " + whyMissing;
    }
    Path existing = nearestExisting();
    boolean isSuspect =
        existing != null
            && Files.isDirectory(existing)
            && isEmpty(existing)
            && isNoMountPoint(existing.toRealPath(), mounts);
    return isSuspect
        ? url
            + " may be on a disk that is not mounted: "
            + existing
            + " is an empty folder, nothing is mounted there, and no mark says that a replica begins"
            + " there. If a disk belongs there, mount it; if none does, make the mark: mkdir -p '"
            + root
            + "' && touch '"
            + mark
            + "'"
        : null;
  }

  static String explainOldFormat(String url) {
    return url
        + " holds a replica in the format of Litestream v0.3, which only Litestream reads. Restore it"
        + " with Litestream 0.3 or 0.5: litestream restore -o FILE "
        + url;
  }

  private static boolean isNoMountPoint(Path real, MountTable mounts) {
    Path mountPoint = mounts.mountPointOf(real);
    return mountPoint != null && !mountPoint.equals(real);
  }

  private @Nullable Path nearestExisting() {
    Path existing = root;
    while (existing != null && !Files.exists(existing)) {
      existing = existing.getParent();
    }
    return existing;
  }

  private static boolean isEmpty(Path folder) throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      return !entries.iterator().hasNext();
    }
  }
}
