package io.walsync.db.staging;

import io.walsync.io.Disk;
import java.io.DataInputStream;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * Marks in a staging folder that outlive its position: which replica it belonged to, and that the
 * machine was started anew.
 *
 * <p>Threading: one thread at a time, the database's.
 */
public final class FolderMarks {

  private final Disk disk;
  private final File replica;
  private final File boot;

  FolderMarks(Disk disk, File folder) {
    this.disk = disk;
    this.replica = new File(folder, "replica");
    this.boot = new File(folder, "booted");
  }

  /** Notes the replica before the position is deleted. */
  void noteReplica(String replicaUrl) throws IOException {
    try (FileOutputStream out = disk.create(replica)) {
      out.write(replicaUrl.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** Whether the deleted position was of this replica, and no other has been saved since. */
  public boolean wasReplicatedTo(String replicaUrl) throws IOException {
    if (!replica.exists()) {
      return false;
    }
    byte[] bytes = new byte[(int) replica.length()];
    try (InputStream in = disk.read(replica)) {
      new DataInputStream(in).readFully(bytes);
    }
    return replicaUrl.equals(new String(bytes, StandardCharsets.UTF_8));
  }

  /** Deletes the note: there is a position again, which names the replica. */
  public void forgetReplica() throws IOException {
    disk.delete(replica);
  }

  /**
   * Whether the machine has started anew since the folder was last known to be right, and the
   * database has not been compared with its replica yet.
   */
  public boolean isOfEarlierBoot() {
    return boot.exists();
  }

  /** See {@link #isOfEarlierBoot}; survives {@link Staging#clear}. */
  public void markEarlierBoot(boolean isEarlier) throws IOException {
    if (isEarlier) {
      disk.create(boot).close();
    } else {
      disk.delete(boot);
    }
  }
}
