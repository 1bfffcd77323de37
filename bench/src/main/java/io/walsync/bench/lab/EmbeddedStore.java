package io.walsync.bench.lab;

import io.walsync.bench.app.StoreServer;
import io.walsync.testkit.S3Server;
import java.net.URI;
import java.nio.file.Path;

/** The embedded S3 server in a forked JVM. */
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

  /**
   * @param folder gets log and objects
   */
  public static EmbeddedStore onDisk(Path folder) {
    Path objects = folder.resolve("objects");
    objects.toFile().mkdirs();
    return new EmbeddedStore("embedded S3", program().start(folder, BucketReplica.BUCKET, objects));
  }

  private static Child.Builder program() {
    return Child.of(StoreServer.class)
        .fullClassPath()
        .options(HEAP, "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public URI endpoint() {
    return URI.create(greeting.text("endpoint"));
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
