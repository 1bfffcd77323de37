package io.walsync.bench.lab;

import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.LtxSource;
import io.walsync.replica.ReplicaClient;
import io.walsync.replica.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Looks into replicas, and copies them. */
public final class LtxFiles {

  private static final long WAIT_DEADLINE_NANOS = TimeUnit.MINUTES.toNanos(10);
  private static final long POLL_MILLIS = 20;

  private LtxFiles() {}

  public static int count(Replica replica, int level) {
    try (ReplicaClient client = replica.open()) {
      return client.list(level, Txid.FIRST, false).size();
    } catch (IOException e) {
      throw new LabException("cannot list " + replica.url(), e);
    }
  }

  /** Of all files of all levels. */
  public static long sizeBytes(Replica replica) {
    long sum = 0;
    try (ReplicaClient client = replica.open()) {
      for (int level = LtxFileInfo.LEVEL_L0; level <= LtxFileInfo.LEVEL_SNAPSHOT; level++) {
        for (LtxFileInfo file : client.list(level, Txid.FIRST, false)) {
          sum += file.sizeBytes();
        }
      }
    } catch (IOException e) {
      throw new LabException("cannot list " + replica.url(), e);
    }
    return sum;
  }

  /** Waits until the replica has its first snapshot. */
  public static void awaitSnapshot(Replica replica) {
    long deadline = System.nanoTime() + WAIT_DEADLINE_NANOS;
    while (count(replica, LtxFileInfo.LEVEL_SNAPSHOT) == 0) {
      if (System.nanoTime() > deadline) {
        throw new LabException(replica.url() + " gets no snapshot");
      }
      pause();
    }
  }

  static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    } catch (InterruptedException e) {
      throw new LabException("interrupted", e);
    }
  }

  /** Puts every file of one replica into another. */
  public static void copy(Replica from, Replica to) {
    try (ReplicaClient source = from.open();
        ReplicaClient target = to.open()) {
      for (int level = LtxFileInfo.LEVEL_L0; level <= LtxFileInfo.LEVEL_SNAPSHOT; level++) {
        List<LtxFileInfo> files = source.list(level, Txid.FIRST, true);
        for (LtxFileInfo file : files) {
          target.write(file, contentOf(source, file), sha256(source, file));
        }
      }
    } catch (IOException e) {
      throw new LabException("cannot copy " + from.url() + " to " + to.url(), e);
    }
  }

  private static LtxSource contentOf(ReplicaClient client, LtxFileInfo file) {
    return new LtxSource() {
      @Override
      public long sizeBytes() {
        return file.sizeBytes();
      }

      @Override
      public InputStream open(long offset) throws IOException {
        return client.open(file, offset, Long.MAX_VALUE);
      }
    };
  }

  private static String sha256(ReplicaClient client, LtxFileInfo file) throws IOException {
    String recorded = client.recordedSha256(file);
    if (recorded != null) {
      return recorded;
    }
    try (DigestInputStream in =
        new DigestInputStream(client.open(file, 0, Long.MAX_VALUE), Sha256.digest())) {
      in.transferTo(OutputStream.nullOutputStream());
      return Sha256.toHex(in.getMessageDigest().digest());
    }
  }
}
