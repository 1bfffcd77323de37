package io.walsync.history.compaction;

import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.ReplicaClient;
import java.io.IOException;
import java.io.InputStream;

/** Where a merge finds what is in the files of a replica, and what is recorded beside them. */
public interface Contents {

  /** As {@link ReplicaClient#open}. */
  InputStream open(LtxFileInfo file, long offset, long length) throws IOException;

  /** As {@link ReplicaClient#recordedDatabaseChecksum}. */
  long databaseChecksum(LtxFileInfo file) throws IOException;

  /** As {@link ReplicaClient#recordedEpoch}. */
  long epoch(LtxFileInfo file) throws IOException;

  /** For messages: where the files are. */
  String url();

  /** In the replica itself, with a request for each question. */
  static Contents of(ReplicaClient client) {
    return new Contents() {
      @Override
      public InputStream open(LtxFileInfo file, long offset, long length) throws IOException {
        return client.open(file, offset, length);
      }

      @Override
      public long databaseChecksum(LtxFileInfo file) throws IOException {
        return client.recordedDatabaseChecksum(file);
      }

      @Override
      public long epoch(LtxFileInfo file) throws IOException {
        return client.recordedEpoch(file);
      }

      @Override
      public String url() {
        return client.url();
      }
    };
  }
}
