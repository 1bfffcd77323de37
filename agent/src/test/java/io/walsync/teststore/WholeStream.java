package io.walsync.teststore;

import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.LtxSource;
import io.walsync.replica.LtxStream;
import io.walsync.replica.ReplicaClient;
import io.walsync.replica.Sha256;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/** Stores a stream as a file that is written at once. */
public final class WholeStream {

  private WholeStream() {}

  public static LtxFileInfo write(ReplicaClient to, LtxFileInfo name, LtxStream content)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    content.writeTo(out);
    byte[] bytes = out.toByteArray();
    LtxFileInfo file = name.withSizeBytes(bytes.length);
    to.write(
        file,
        new LtxSource() {
          @Override
          public long sizeBytes() {
            return bytes.length;
          }

          @Override
          public long databaseChecksum() {
            return content.databaseChecksum();
          }

          @Override
          public long epoch() {
            return content.epoch();
          }

          @Override
          public InputStream open(long offset) {
            int from = Math.toIntExact(offset);
            return new ByteArrayInputStream(bytes, from, bytes.length - from);
          }
        },
        Sha256.hexOf(bytes));
    return file;
  }
}
