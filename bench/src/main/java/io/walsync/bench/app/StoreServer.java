package io.walsync.bench.app;

import io.walsync.teststore.EmbeddedS3;
import java.nio.file.Path;
import java.util.List;

/**
 * The embedded S3 server in a JVM of its own. Arguments: bucket, and the folder for objects,
 * without which they stay in memory. Commands: {@code puts} (the answer is followed by that many
 * lines, one for each acknowledged PUT: time of arrival, time of the acknowledgement, bytes,
 * target), {@code exit}.
 */
public final class StoreServer {

  private StoreServer() {}

  public static void main(String[] arguments) throws Exception {
    PutLog puts = new PutLog();
    Dialogue dialogue = new Dialogue();
    try (EmbeddedS3 server =
        arguments.length > 1 ? EmbeddedS3.onDisk(Path.of(arguments[1])) : EmbeddedS3.inMemory()) {
      server.createBucket(arguments[0]);
      server.front().onAnswer(puts);
      dialogue.ok(
          "endpoint=" + server.endpoint(),
          "region=" + server.region(),
          "key=" + server.accessKeyId(),
          "secret=" + server.secretAccessKey());
      for (String[] command = dialogue.next(); command != null; command = dialogue.next()) {
        List<String> lines = puts.lines();
        dialogue.ok("count=" + lines.size());
        lines.forEach(System.out::println);
        System.out.flush();
      }
    }
  }
}
