package io.walsync.restore;

import io.walsync.ltx.LtxEncoder;
import io.walsync.ltx.LtxHeader;
import io.walsync.ltx.PageEncoding;
import io.walsync.ltx.Txid;
import io.walsync.replica.file.FileReplicaClient;
import java.io.BufferedOutputStream;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.util.Random;

/**
 * Measures restores from a directory; not a test. Arguments: folder, megabytes, kind of pages
 * (text, random, mixed), encoding, parallelism. Makes the replica if it is not there: a snapshot
 * and ten increments.
 */
public final class RestoreBench {

  private static final int PAGE_SIZE = 4096;
  private static final int INCREMENT_COUNT = 10;

  private RestoreBench() {}

  public static void main(String[] args) throws IOException {
    long launched = ManagementFactory.getRuntimeMXBean().getStartTime();
    File folder = new File(args[0]);
    int pageCount = (int) (Double.parseDouble(args[1]) * 1_000_000 / PAGE_SIZE);
    File replica = new File(folder, "replica-" + String.join("-", args[1], args[2], args[3]));
    if (!replica.exists()) {
      write(replica, pageCount, args[2], PageEncoding.valueOf(args[3]));
      return;
    }
    File output = new File(folder, "restored.db");
    Files.deleteIfExists(output.toPath());
    RestoreOptions options = RestoreOptions.defaults().withParallelism(Integer.parseInt(args[4]));
    long start = System.currentTimeMillis();
    RestoreResult result =
        new Restore(new FileReplicaClient(replica), options, RestoreProgress.NONE)
            .run(RestoreTarget.latest(), output);
    System.out.println(
        result.sizeBytes() / 1_000_000
            + " MB in "
            + result.durationMillis()
            + " ms; JVM start to main "
            + (start - launched)
            + " ms; files "
            + result.plan().files().size()
            + ", fetched "
            + result.plan().sizeBytes() / 1_000_000
            + " MB");
  }

  private static void write(File replica, int pageCount, String kind, PageEncoding encoding)
      throws IOException {
    Random random = new Random(1);
    int snapshotTxid = 5;
    writeFile(new File(replica, "ltx/9"), 1, snapshotTxid, pageCount, 1, kind, encoding, random);
    for (int i = 1; i <= INCREMENT_COUNT; i++) {
      int txid = snapshotTxid + i;
      int step = Math.max(1, pageCount / 200);
      writeFile(new File(replica, "ltx/0"), txid, txid, pageCount, step, kind, encoding, random);
    }
  }

  private static void writeFile(
      File folder,
      long min,
      long max,
      int pageCount,
      int step,
      String kind,
      PageEncoding encoding,
      Random random)
      throws IOException {
    Files.createDirectories(folder.toPath());
    LtxHeader header =
        LtxHeader.builder()
            .pageSize(PAGE_SIZE)
            .commit(pageCount)
            .minTxid(Txid.of(min))
            .maxTxid(Txid.of(max))
            .timestampMillis(1_700_000_000_000L + max)
            .build();
    byte[] page = new byte[PAGE_SIZE];
    String name = Txid.of(min) + "-" + Txid.of(max) + ".ltx";
    try (OutputStream out =
        new BufferedOutputStream(new FileOutputStream(new File(folder, name)))) {
      LtxEncoder encoder = new LtxEncoder(out, header, encoding);
      for (int pgno = 1; pgno <= pageCount; pgno += step) {
        if (pgno != 262145) {
          fill(page, kind, random);
          encoder.writePage(pgno, page, 0);
        }
      }
      encoder.finish();
    }
  }

  private static void fill(byte[] page, String kind, Random random) {
    boolean isText = kind.equals("text") || kind.equals("mixed") && random.nextBoolean();
    if (!isText) {
      random.nextBytes(page);
      return;
    }
    int at = 0;
    while (at < page.length) {
      String row =
          "{\"user\":"
              + random.nextInt(99999)
              + ",\"state\":\"active\",\"at\":\"2026-11-"
              + random.nextInt(30)
              + "\"}";
      for (int i = 0; i < row.length() && at < page.length; i++) {
        page[at++] = (byte) row.charAt(i);
      }
    }
  }
}
