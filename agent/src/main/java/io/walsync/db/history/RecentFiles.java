package io.walsync.db.history;

import io.walsync.history.compaction.Contents;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.ReplicaClient;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What this process has recorded beside the files that it stored last, and the content of small
 * ones, so that a merge of them asks the store for little or nothing.
 *
 * <p>Threading: safe.
 */
final class RecentFiles {

  /** Of each file 200 bytes are kept; those of a level's interval are merged soon. */
  private static final int MOST = 2_000;

  /** A larger file is fetched: what a request costs matters less then. */
  static final int LARGEST_BYTES = 64 * 1024;

  /** Content that all databases of the process keep together. */
  static final long MOST_BYTES = 4L << 20;

  private static final AtomicLong KEPT_BYTES = new AtomicLong();

  private static final class Record {
    final long checksum;
    final long epoch;
    final byte @Nullable [] content;

    Record(long checksum, long epoch, byte @Nullable [] content) {
      this.content = content;
      this.checksum = checksum;
      this.epoch = epoch;
    }
  }

  private final Map<String, Record> records =
      new LinkedHashMap<String, Record>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Record> eldest) {
          boolean isTooMany = size() > MOST;
          release(isTooMany ? eldest.getValue() : null);
          return isTooMany;
        }
      };

  /**
   * @param content of the file; null if it is large, or not at hand
   */
  synchronized void stored(LtxFileInfo file, long checksum, long epoch, byte @Nullable [] content) {
    byte[] kept = content != null && takes(content.length) ? content : null;
    release(records.put(key(file), new Record(checksum, epoch, kept)));
  }

  private static boolean takes(int bytes) {
    if (bytes <= LARGEST_BYTES && KEPT_BYTES.addAndGet(bytes) <= MOST_BYTES) {
      return true;
    }
    if (bytes <= LARGEST_BYTES) {
      KEPT_BYTES.addAndGet(-bytes);
    }
    return false;
  }

  private static void release(@Nullable Record record) {
    byte[] content = record == null ? null : record.content;
    if (content != null) {
      KEPT_BYTES.addAndGet(-content.length);
    }
  }

  /** Of all databases of the process. */
  static long keptBytes() {
    return KEPT_BYTES.get();
  }

  /** Nobody will ask any more. */
  synchronized void clear() {
    records.values().forEach(RecentFiles::release);
    records.clear();
  }

  /** Once they are merged, nobody asks for them. */
  synchronized void merged(Iterable<LtxFileInfo> files) {
    for (LtxFileInfo file : files) {
      release(records.remove(key(file)));
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
        Record known = of(file);
        byte[] content = known == null ? null : known.content;
        if (content == null) {
          return client.open(file, offset, length);
        }
        int from = (int) Math.min(offset, content.length);
        return new ByteArrayInputStream(
            content, from, (int) Math.min(length, content.length - from));
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
