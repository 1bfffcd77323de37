package io.walsync.replica.s3;

import io.walsync.replica.ReplicaClient;
import io.walsync.replica.ReplicaClientContract;
import io.walsync.teststore.EmbeddedS3;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

class S3ReplicaClientTest extends ReplicaClientContract {

  private static EmbeddedS3 s3;

  private S3Settings settings;

  @BeforeAll
  static void start() {
    s3 = EmbeddedS3.inMemory().createBucket(S3Bucket.EMBEDDED_BUCKET);
  }

  @AfterAll
  static void stop() {
    s3.close();
  }

  @BeforeEach
  void reset() {
    s3.faults().clear();
    s3.requests().reset();
  }

  @Override
  protected ReplicaClient newClient() {
    if (settings == null) {
      settings = S3Bucket.embedded(s3).build();
    }
    return new S3ReplicaClient(settings);
  }
}
