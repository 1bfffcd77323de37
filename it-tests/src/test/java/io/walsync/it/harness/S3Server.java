package io.walsync.it.harness;

import java.net.URI;

/** A running S3 server: embedded, a process, a container or a real one; all the same to a test. */
public interface S3Server extends AutoCloseable {

  String name();

  URI endpoint();

  String accessKey();

  String secretKey();

  default String region() {
    return "us-east-1";
  }

  @Override
  void close();
}
