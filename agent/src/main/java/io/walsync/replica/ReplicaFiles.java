package io.walsync.replica;

import io.walsync.ltx.Txid;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The files of a replica, on whatever level. */
public final class ReplicaFiles {

  private ReplicaFiles() {}

  /**
   * Lists every level, one after the other. The lowest comes first: whatever is uploaded meanwhile,
   * a snapshot is there before the file after it, so that no pass sees a gap that never was.
   *
   * @throws IOException if a level cannot be listed: without it, files might seem to be missing
   */
  public static List<LtxFileInfo> list(ReplicaClient client) throws IOException {
    List<LtxFileInfo> files = new ArrayList<>();
    for (int level : LtxFileInfo.levels()) {
      files.addAll(client.list(level, Txid.FIRST, false));
    }
    return files;
  }
}
