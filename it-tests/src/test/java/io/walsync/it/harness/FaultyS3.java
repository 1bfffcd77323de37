package io.walsync.it.harness;

import io.walsync.testkit.Folders;
import io.walsync.testkit.S3Server;
import io.walsync.teststore.EmbeddedS3;
import io.walsync.teststore.Faults;
import java.net.URI;
import java.nio.file.Path;

/** An S3 server of one test's own, which answers as badly as the test wants. */
public final class FaultyS3 implements S3Server {

  private final EmbeddedS3 server;

  public FaultyS3(Path directory) {
    server = EmbeddedS3.onDisk(Folders.create(directory));
  }

  public Faults faults() {
    return server.faults();
  }

  @Override
  public String name() {
    return "faulty";
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
