package io.walsync.replica.s3;

import io.walsync.teststore.EmbeddedS3;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** Tests with a store of their own in this process; each begins without faults and requests. */
abstract class OnEmbeddedS3 {

  static EmbeddedS3 s3;

  @BeforeAll
  static void startStore() {
    s3 = EmbeddedS3.inMemory().createBucket(S3Bucket.EMBEDDED_BUCKET);
  }

  @AfterAll
  static void stopStore() {
    s3.close();
  }

  @BeforeEach
  void resetStore() {
    s3.faults().clear();
    s3.requests().reset();
  }
}
