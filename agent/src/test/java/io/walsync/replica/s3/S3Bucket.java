package io.walsync.replica.s3;

import io.walsync.teststore.EmbeddedS3;
import java.util.UUID;

/**
 * The bucket S3 tests write to: of the embedded server, or of a real one named by {@code
 * -Ds3.endpoint= -Ds3.access-key= -Ds3.secret-key= -Ds3.bucket=} (and {@code -Ds3.region=}).
 */
final class S3Bucket {

  static final String EMBEDDED_BUCKET = "walsync-test";

  private S3Bucket() {}

  /** Whether a real server is named. */
  static boolean isRealNamed() {
    return System.getProperty("s3.endpoint") != null;
  }

  /** Settings of a path of its own on the real server. */
  static S3Settings.Builder real() {
    return S3Settings.builder()
        .endpoint(required("s3.endpoint"))
        .forcePathStyle(true)
        .region(System.getProperty("s3.region", "us-east-1"))
        .bucket(required("s3.bucket"))
        .path("contract/" + UUID.randomUUID() + "/data base.db")
        .keys(required("s3.access-key"), required("s3.secret-key"));
  }

  /** Settings of a path of its own on an embedded server that has {@link #EMBEDDED_BUCKET}. */
  static S3Settings.Builder embedded(EmbeddedS3 s3) {
    return S3Settings.builder()
        .endpoint(s3.endpoint().toString())
        .forcePathStyle(true)
        .region(s3.region())
        .bucket(EMBEDDED_BUCKET)
        .path("contract/" + UUID.randomUUID() + "/data base.db")
        .keys(s3.accessKey(), s3.secretKey());
  }

  private static String required(String name) {
    String value = System.getProperty(name);
    if (value == null) {
      throw new IllegalStateException("-D" + name + "= is missing beside -Ds3.endpoint=");
    }
    return value;
  }
}
