package io.walsync.testkit;

import java.net.URI;
import java.util.Optional;

/** A running S3 server: embedded, a process, a container or a real one; all the same to a test. */
public interface S3Server extends AutoCloseable {

  String name();

  URI endpoint();

  String accessKey();

  String secretKey();

  default String region() {
    return "us-east-1";
  }

  /** The bucket that tests must share; empty if each makes its own. */
  default Optional<String> existingBucket() {
    return Optional.empty();
  }

  @Override
  void close();
}
