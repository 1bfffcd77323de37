package io.walsync.db.history;

import io.walsync.history.compaction.Contents;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.ReplicaClient;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What this process has recorded beside the files that it stored last, so that a merge of them asks
 * the store for nothing but their bytes.
 *
 * <p>Threading: safe.
 */
final class RecentFiles {

  /** Of each file 200 bytes are kept; those of a level's interval are merged soon. */
  private static final int MOST = 2_000;

  private static final class Record {
    final long checksum;
    final long epoch;

    Record(long checksum, long epoch) {
      this.checksum = checksum;
      this.epoch = epoch;
    }
  }

  private final Map<String, Record> records =
      new LinkedHashMap<String, Record>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Record> eldest) {
          return size() > MOST;
        }
      };

  synchronized void stored(LtxFileInfo file, long checksum, long epoch) {
    records.put(key(file), new Record(checksum, epoch));
  }

  /** Once they are merged, nobody asks for them. */
  synchronized void merged(Iterable<LtxFileInfo> files) {
    for (LtxFileInfo file : files) {
      records.remove(key(file));
    }
  }

  private synchronized @Nullable Record of(LtxFileInfo file) {
    return records.get(key(file));
  }

  private static String key(LtxFileInfo file) {
    return file.level() + "/" + file.fileName();
  }

  /** As they are in the replica; what is not recorded here is asked there. */
  Contents in(ReplicaClient client) {
    return new Contents() {
      @Override
      public InputStream open(LtxFileInfo file, long offset, long length) throws IOException {
        return client.open(file, offset, length);
      }

      @Override
      public long databaseChecksum(LtxFileInfo file) throws IOException {
        Record known = of(file);
        return known == null ? client.recordedDatabaseChecksum(file) : known.checksum;
      }

      @Override
      public long epoch(LtxFileInfo file) throws IOException {
        Record known = of(file);
        return known == null ? client.recordedEpoch(file) : known.epoch;
      }

      @Override
      public String url() {
        return client.url();
      }
    };
  }
}
