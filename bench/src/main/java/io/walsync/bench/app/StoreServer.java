package io.walsync.bench.app;

import io.walsync.teststore.EmbeddedS3;
import io.walsync.teststore.S3Operation;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The embedded S3 server in a JVM of its own. Arguments: bucket, and the folder for objects,
 * without which they stay in memory. Commands: {@code puts} (the answer is followed by that many
 * lines, one for each acknowledged PUT: time of arrival, time of the acknowledgement, bytes,
 * target), {@code exit}.
 */
public final class StoreServer {

  private static final int HTTP_OK = 200;

  private StoreServer() {}

  public static void main(String[] arguments) throws Exception {
    List<String> puts = new CopyOnWriteArrayList<>();
    Dialogue dialogue = new Dialogue();
    try (EmbeddedS3 server =
        arguments.length > 1 ? EmbeddedS3.onDisk(Path.of(arguments[1])) : EmbeddedS3.inMemory()) {
      server.createBucket(arguments[0]);
      server
          .front()
          .onAnswer(
              (request, status, arrived) -> {
                long acknowledged = WallClock.micros();
                if (request.operation() == S3Operation.PUT_OBJECT && status == HTTP_OK) {
                  puts.add(
                      WallClock.micros(arrived)
                          + " "
                          + acknowledged
                          + " "
                          + request.header("content-length")
                          + " "
                          + request.target());
                }
              });
      dialogue.ok(
          "endpoint=" + server.endpoint(),
          "region=" + server.region(),
          "key=" + server.accessKeyId(),
          "secret=" + server.secretAccessKey());
      for (String[] command = dialogue.next(); command != null; command = dialogue.next()) {
        List<String> lines = List.copyOf(puts);
        dialogue.ok("count=" + lines.size());
        lines.forEach(System.out::println);
        System.out.flush();
      }
    }
  }
}
