package io.walsync.db.upload;

import io.walsync.io.Clock;
import io.walsync.ltx.LtxEncoder;
import io.walsync.ltx.LtxHeader;
import io.walsync.ltx.PageEncoding;
import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.LtxSource;
import io.walsync.replica.ReplicaClient;
import io.walsync.replica.ReplicaFiles;
import io.walsync.replica.Sha256;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * A file of level 0 without pages: its state is that of the file before it, and its TXID is taken,
 * so that no other writer gets it. It is made of the file before it alone, without the database.
 */
final class EmptyFile {

  private final LtxFileInfo info;
  private final byte[] content;
  private final long databaseChecksum;

  private EmptyFile(LtxFileInfo info, byte[] content, long databaseChecksum) {
    this.info = info;
    this.content = content;
    this.databaseChecksum = databaseChecksum;
  }

  /**
   * The file that follows.
   *
   * @throws IOException if the file before cannot be read
   */
  static EmptyFile behind(ReplicaClient client, LtxFileInfo before, Clock clock)
      throws IOException {
    LtxHeader known = ReplicaFiles.header(client, before);
    Txid txid = before.maxTxid().next();
    LtxHeader header =
        LtxHeader.builder()
            .pageSize(known.pageSize())
            .commit(known.commit())
            .minTxid(txid)
            .maxTxid(txid)
            .timestampMillis(Math.max(known.timestampMillis(), clock.millis()))
            .build();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new LtxEncoder(out, header, PageEncoding.LZ4_FRAME).finish();
    byte[] content = out.toByteArray();
    LtxFileInfo info =
        new LtxFileInfo(LtxFileInfo.LEVEL_L0, txid, txid, content.length, header.timestampMillis());
    return new EmptyFile(info, content, client.recordedDatabaseChecksum(before));
  }

  LtxFileInfo info() {
    return info;
  }

  void write(ReplicaClient client, long epoch) throws IOException {
    client.write(info, new Source(epoch), Sha256.hexOf(content));
  }

  private final class Source implements LtxSource {

    private final long epoch;

    Source(long epoch) {
      this.epoch = epoch;
    }

    @Override
    public long sizeBytes() {
      return content.length;
    }

    @Override
    public long databaseChecksum() {
      return databaseChecksum;
    }

    @Override
    public long epoch() {
      return epoch;
    }

    @Override
    public InputStream open(long offset) {
      int from = (int) Math.min(offset, content.length);
      return new ByteArrayInputStream(content, from, content.length - from);
    }
  }
}
