package io.walsync.db;

import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.LtxSource;
import io.walsync.replica.ReplicaClient;
import io.walsync.replica.Sha256;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;

/**
 * Carries one sealed file to the store. Runs on an upload thread; everything it needs is in the
 * file.
 */
final class UploadTask {

  private static final int BUFFER_BYTES = 64 * 1024;

  private final ReplicaClient client;
  private final LtxFileInfo info;
  private final File file;

  UploadTask(ReplicaClient client, LtxFileInfo info, File file) {
    this.client = client;
    this.info = info;
    this.file = file;
  }

  void run() throws IOException {
    client.write(info, new StagedSource(file), sha256(file));
  }

  private static String sha256(File file) throws IOException {
    try (InputStream in = new FileInputStream(file)) {
      MessageDigest digest = Sha256.digest();
      byte[] buffer = new byte[(int) Math.min(BUFFER_BYTES, Math.max(1, file.length()))];
      for (int count = in.read(buffer); count > 0; count = in.read(buffer)) {
        digest.update(buffer, 0, count);
      }
      return Sha256.toHex(digest.digest());
    }
  }

  /** The newest TXID that any level of the replica holds, 0 if it is empty. */
  static long newestTxid(ReplicaClient client) throws IOException {
    long newest = 0;
    for (int level = LtxFileInfo.LEVEL_L0; level <= LtxFileInfo.LEVEL_SNAPSHOT; level++) {
      for (LtxFileInfo file : client.list(level, Txid.FIRST, false)) {
        newest = Math.max(newest, file.maxTxid().value());
      }
    }
    return newest;
  }

  private static final class StagedSource implements LtxSource {

    private final File file;
    private final long sizeBytes;

    StagedSource(File file) {
      this.file = file;
      this.sizeBytes = file.length();
    }

    @Override
    public long sizeBytes() {
      return sizeBytes;
    }

    @Override
    public InputStream open(long offset) throws IOException {
      FileInputStream in = new FileInputStream(file);
      try {
        in.getChannel().position(offset);
        return in;
      } catch (IOException e) {
        in.close();
        throw e;
      }
    }
  }
}
