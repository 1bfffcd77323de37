package io.walsync.bench.app;

import io.walsync.teststore.EmbeddedS3;
import java.nio.file.Path;

/**
 * The embedded S3 server in a JVM of its own. Arguments: bucket, and the folder for objects.
 * Command: {@code exit}.
 */
public final class StoreServer {

  private StoreServer() {}

  public static void main(String[] arguments) throws Exception {
    Dialogue dialogue = new Dialogue();
    try (EmbeddedS3 server = EmbeddedS3.onDisk(Path.of(arguments[1]))) {
      server.createBucket(arguments[0]);
      dialogue.ok(
          "endpoint=" + server.endpoint(),
          "region=" + server.region(),
          "key=" + server.accessKey(),
          "secret=" + server.secretKey());
      while (dialogue.next() != null) {
        dialogue.ok();
      }
    }
  }
}
