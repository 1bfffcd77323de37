package io.walsync.bench;

import io.walsync.bench.app.WallClock;
import io.walsync.bench.lab.BucketReplica;
import io.walsync.bench.lab.EmbeddedStore;
import io.walsync.bench.lab.LabException;
import io.walsync.bench.lab.Put;
import io.walsync.bench.lab.S3Server;
import io.walsync.bench.report.Spread;
import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.Sha256;
import io.walsync.replica.s3.S3ReplicaClient;
import io.walsync.teststore.BytesSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * What the server alone takes: single PUTs from this JVM, one after the other with a short pause,
 * with the agent's client and with AWS's. The first fifth warms up and does not count.
 */
final class BarePuts {

  private static final String OURS_PATH = "bare/ours";
  private static final String SDK_PATH = "bare/sdk";
  private static final long PAUSE_MILLIS = 10;
  private static final long SEED = 7;
  private static final double MICROS_PER_MILLI = 1e3;

  private final BucketReplica replica;
  private final int count;
  private final Map<String, Long> starts = new HashMap<>();
  private Spread ours;
  private Spread sdk;

  /**
   * @param count PUTs with each client
   */
  BarePuts(BucketReplica replica, int count) {
    this.replica = replica;
    this.count = count;
  }

  /** Milliseconds from the call to the server's acknowledgement. */
  Spread ours() {
    return ours;
  }

  Spread sdk() {
    return sdk;
  }

  void measure(int sizeBytes) throws InterruptedException {
    byte[] content = new byte[sizeBytes];
    new Random(SEED).nextBytes(content);
    putOurs(content);
    putSdk(content);
    List<Put> puts = ((EmbeddedStore) replica.server()).puts();
    ours = spread(puts, OURS_PATH);
    sdk = spread(puts, SDK_PATH);
  }

  private void putOurs(byte[] content) throws InterruptedException {
    String sha256 = Sha256.hexOf(content);
    try (S3ReplicaClient client = replica.open().withPath(OURS_PATH)) {
      for (int i = 1; i <= count; i++) {
        Txid txid = Txid.of(i);
        LtxFileInfo file =
            new LtxFileInfo(
                LtxFileInfo.LEVEL_L0, txid, txid, content.length, WallClock.micros() / 1_000);
        starts.put(
            "/" + S3Server.BUCKET + "/" + OURS_PATH + "/0000/" + file.fileName(),
            WallClock.micros());
        client.write(file, new BytesSource(content), sha256);
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
      }
    } catch (IOException e) {
      throw new LabException("a bare PUT failed", e);
    }
  }

  private void putSdk(byte[] content) throws InterruptedException {
    try (S3Client client = replica.server().sdkClient()) {
      for (int i = 1; i <= count; i++) {
        String key = SDK_PATH + "/" + i;
        starts.put("/" + S3Server.BUCKET + "/" + key, WallClock.micros());
        client.putObject(
            request -> request.bucket(S3Server.BUCKET).key(key), RequestBody.fromBytes(content));
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
      }
    }
  }

  private Spread spread(List<Put> puts, String path) {
    List<Double> millis = new ArrayList<>();
    for (Put put : puts) {
      if (put.target().startsWith("/" + S3Server.BUCKET + "/" + path + "/")) {
        millis.add((put.acknowledgedMicros() - starts.get(put.target())) / MICROS_PER_MILLI);
      }
    }
    if (millis.size() != count) {
      throw new LabException(millis.size() + " of " + count + " bare PUTs are in the log");
    }
    return new Spread(millis.subList(count / 5, count));
  }
}
