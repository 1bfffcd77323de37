package io.walsync.bench.lab;

import io.walsync.bench.app.StoreServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The embedded S3 server in a forked JVM. It knows when it acknowledged what. */
public final class EmbeddedStore implements S3Server {

  private static final String HEAP = "-Xmx1g";

  private final String name;
  private final Child server;
  private final Answer greeting;

  private EmbeddedStore(String name, Child server) {
    this.name = name;
    this.server = server;
    this.greeting = server.answer();
  }

  public static EmbeddedStore inMemory(Path folder) {
    return new EmbeddedStore("embedded S3 (memory)", program().start(folder, BUCKET));
  }

  /**
   * @param folder gets log and objects
   */
  public static EmbeddedStore onDisk(Path folder) {
    Path objects = folder.resolve("objects");
    objects.toFile().mkdirs();
    return new EmbeddedStore("embedded S3", program().start(folder, BUCKET, objects));
  }

  private static Child.Builder program() {
    return Child.of(StoreServer.class)
        .fullClassPath()
        .options(HEAP, "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");
  }

  /** Everything accepted so far, in the order of acknowledgement. */
  public List<Put> puts() {
    long count = server.ask("puts").number("count");
    List<Put> puts = new ArrayList<>();
    for (long i = 0; i < count; i++) {
      puts.add(Put.parse(server.line()));
    }
    return puts;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String endpoint() {
    return greeting.text("endpoint");
  }

  @Override
  public String region() {
    return greeting.text("region");
  }

  @Override
  public String accessKey() {
    return greeting.text("key");
  }

  @Override
  public String secretKey() {
    return greeting.text("secret");
  }

  @Override
  public void close() {
    server.close();
  }
}
