package io.walsync.it.harness;

import io.walsync.testkit.S3Server;
import io.walsync.teststore.EmbeddedS3;
import java.net.URI;
import java.nio.file.Path;

/** The S3 server inside this JVM, which every machine has. */
final class S3Embedded implements S3Server {

  private final EmbeddedS3 server;

  private S3Embedded(EmbeddedS3 server) {
    this.server = server;
  }

  static S3Embedded start(Path directory) {
    return new S3Embedded(EmbeddedS3.onDisk(directory));
  }

  @Override
  public String name() {
    return "embedded";
  }

  @Override
  public URI endpoint() {
    return server.endpoint();
  }

  @Override
  public String accessKey() {
    return server.accessKeyId();
  }

  @Override
  public String secretKey() {
    return server.secretAccessKey();
  }

  @Override
  public String region() {
    return server.region();
  }

  @Override
  public void close() {
    server.close();
  }
}
