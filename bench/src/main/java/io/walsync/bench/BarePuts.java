package io.walsync.bench;

import io.walsync.bench.app.WallClock;
import io.walsync.bench.lab.BucketReplica;
import io.walsync.bench.lab.LabException;
import io.walsync.bench.lab.Task;
import io.walsync.bench.lab.TestBed;
import io.walsync.bench.report.Spread;
import io.walsync.bench.wire.Put;
import io.walsync.bench.wire.WireLog;
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

/**
 * What the server alone takes: single PUTs from this warm JVM with the agent's client, one after
 * the other with a short pause.
 */
final class BarePuts {

  private static final int COUNT = 60;

  /** These warm up and do not count. */
  private static final int WARM_UP_COUNT = 10;

  private static final long PAUSE_MILLIS = 10;
  private static final long SEED = 7;
  private static final double MICROS_PER_MILLI = 1e3;

  private BarePuts() {}

  /** Milliseconds from the call to the server's acknowledgement, seen at the wire. */
  static Spread measure(TestBed bed, int sizeBytes) throws InterruptedException {
    byte[] content = new byte[sizeBytes];
    new Random(SEED).nextBytes(content);
    String sha256 = Sha256.hexOf(content);
    Task task = bed.task(1, null);
    BucketReplica replica = task.replica("bare");
    Map<String, Long> starts = new HashMap<>();
    int mark = bed.wire().log().mark();
    try (S3ReplicaClient client = replica.open()) {
      for (int i = 1; i <= COUNT; i++) {
        Txid txid = Txid.of(i);
        LtxFileInfo file =
            new LtxFileInfo(
                LtxFileInfo.LEVEL_L0, txid, txid, sizeBytes, WallClock.micros() / 1_000);
        starts.put(file.fileName(), WallClock.micros());
        client.write(file, new BytesSource(content), sha256);
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
      }
    } catch (IOException e) {
      throw new LabException("a bare PUT failed", e);
    }
    task.clear();
    List<Double> millis = new ArrayList<>();
    for (Put put : WireLog.puts(bed.wire().log().since(mark))) {
      if (put.isIn(BucketReplica.BUCKET, replica.path(), "0000")) {
        millis.add((put.acknowledgedMicros() - starts.get(put.fileName())) / MICROS_PER_MILLI);
      }
    }
    if (millis.size() != COUNT) {
      throw new LabException(millis.size() + " of " + COUNT + " bare PUTs are in the log");
    }
    return new Spread(millis.subList(WARM_UP_COUNT, COUNT));
  }
}
