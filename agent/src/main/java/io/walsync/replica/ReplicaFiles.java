package io.walsync.replica;

import io.walsync.ltx.LtxFormatException;
import io.walsync.ltx.LtxHeader;
import io.walsync.ltx.Txid;
import java.io.DataInputStream;
import java.io.EOFException;
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

  /**
   * The header of one file, in a request for its first bytes.
   *
   * @throws LtxFileMissingException if there is no such file
   * @throws EOFException if it is shorter than that
   * @throws LtxFormatException if it is none
   */
  public static LtxHeader header(ReplicaClient client, LtxFileInfo file) throws IOException {
    byte[] header = new byte[LtxHeader.SIZE];
    try (DataInputStream in = new DataInputStream(client.open(file, 0, header.length))) {
      in.readFully(header);
    } catch (EOFException e) {
      throw new EOFException(client.url() + ": " + file + " has no whole header");
    }
    return LtxHeader.decode(header);
  }
}
