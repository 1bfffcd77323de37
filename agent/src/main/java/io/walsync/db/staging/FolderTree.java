package io.walsync.db.staging;

import io.walsync.io.AtomicFile;
import io.walsync.io.Disk;
import io.walsync.io.Reason;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A staging folder and the folders in it. */
final class FolderTree {

  private final Disk disk;
  private final File root;

  /** The folders of segments and sealed files. */
  private final List<File> staged = new ArrayList<>();

  FolderTree(Disk disk, File root) {
    this.disk = disk;
    this.root = root;
    staged.add(segments());
    for (int level : SealedFiles.LEVELS) {
      staged.add(SealedFiles.folderOf(sealed(), level));
    }
  }

  File root() {
    return root;
  }

  File segments() {
    return new File(root, "segments");
  }

  File sealed() {
    return new File(root, "ltx");
  }

  private List<File> all() {
    List<File> all = new ArrayList<>(staged);
    all.add(0, root);
    return all;
  }

  void create() throws IOException {
    try {
      for (File needed : all()) {
        disk.createFolder(needed);
      }
    } catch (IOException e) {
      throw new IOException(
          "the folder for local state (meta-path) cannot be made: " + Reason.of(e), e);
    }
  }

  /**
   * Deletes files that a kill has left half written.
   *
   * @throws StagingDamagedException if the folder is gone
   */
  void tidy() throws IOException {
    if (!root.isDirectory()) {
      throw new StagingDamagedException(root + " was deleted");
    }
    for (File needed : all()) {
      disk.createFolder(needed);
      for (File file : filesOf(needed)) {
        if (file.getName().endsWith(AtomicFile.TEMP_SUFFIX)) {
          disk.delete(file);
        } else {
          disk.adopt(file);
        }
      }
    }
  }

  /** Deletes the folders and the files beside them; the segments and sealed files must be gone. */
  void delete() throws IOException {
    List<File> innermostFirst = new ArrayList<>(staged);
    innermostFirst.add(sealed());
    for (File empty : innermostFirst) {
      disk.delete(empty);
    }
    for (File file : filesOf(root)) {
      disk.delete(file);
    }
    disk.delete(root);
  }

  /** The segments and sealed files. */
  List<File> stagedFiles() throws IOException {
    List<File> files = new ArrayList<>();
    for (File parent : staged) {
      files.addAll(Arrays.asList(filesOf(parent)));
    }
    return files;
  }

  /** Bytes of the segments and sealed files; 0 if they cannot be listed. From any thread. */
  long stagedBytes() {
    long bytes = 0;
    for (File parent : staged) {
      File[] files = parent.listFiles();
      for (File file : files == null ? new File[0] : files) {
        bytes += file.length();
      }
    }
    return bytes;
  }

  /**
   * Fails if there is no list, for want of descriptors for instance: that does not mean that the
   * folder is empty.
   */
  static File[] filesOf(File parent) throws IOException {
    File[] files = parent.listFiles();
    if (files == null) {
      throw new IOException("cannot list " + parent);
    }
    Arrays.sort(files);
    return files;
  }
}
