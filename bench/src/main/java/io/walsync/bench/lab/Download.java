package io.walsync.bench.lab;

import io.walsync.bench.wire.Exchange;
import io.walsync.bench.wire.RequestKind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Fetches the objects that a restore fetched, and does nothing with them.
 *
 * @param seconds until the bytes were on the disk
 */
public record Download(double seconds, int objectCount) {

  private static final String BUCKET_PATH = "/" + BucketReplica.BUCKET + "/";

  /**
   * @param restore what the restore asked for
   * @param file is written and deleted
   */
  public static Download of(List<Exchange> restore, Task task, Path file) {
    Set<String> keys = new LinkedHashSet<>();
    for (Exchange exchange : restore) {
      boolean isFetch = exchange.kind() == RequestKind.GET && exchange.method().equals("GET");
      if (isFetch && exchange.isAccepted() && exchange.path().endsWith(".ltx")) {
        keys.add(exchange.path().substring(BUCKET_PATH.length()));
      }
    }
    try (S3Client client = task.server().sdkClient();
        FileChannel out =
            FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      client.headBucket(request -> request.bucket(BucketReplica.BUCKET));
      long start = System.nanoTime();
      for (String key : keys) {
        try (InputStream in =
            client.getObject(request -> request.bucket(BucketReplica.BUCKET).key(key))) {
          in.transferTo(Channels.newOutputStream(out));
        }
      }
      out.force(true);
      return new Download((System.nanoTime() - start) / 1e9, keys.size());
    } catch (IOException e) {
      throw new LabException("cannot download", e);
    } finally {
      delete(file);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new LabException("cannot delete " + file, e);
    }
  }
}
