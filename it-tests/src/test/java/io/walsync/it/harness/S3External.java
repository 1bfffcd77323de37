package io.walsync.it.harness;

import io.walsync.testkit.S3Server;
import java.net.URI;
import java.util.Optional;

/**
 * A server that somebody else runs, with a bucket that is there: {@code -Ds3.endpoint=
 * -Ds3.access-key= -Ds3.secret-key= -Ds3.bucket=} and {@code -Ds3.region=}. What tests write there
 * stays.
 */
record S3External(URI endpoint, String accessKey, String secretKey, String region, String bucket)
    implements S3Server {

  static S3External named(String endpoint) {
    return new S3External(
        URI.create(endpoint),
        required("s3.access-key"),
        required("s3.secret-key"),
        System.getProperty("s3.region", "us-east-1"),
        required("s3.bucket"));
  }

  private static String required(String name) {
    String value = System.getProperty(name, "");
    if (value.isEmpty()) {
      throw new IllegalStateException("-D" + name + "= is missing beside -Ds3.endpoint=");
    }
    return value;
  }

  @Override
  public String name() {
    return "endpoint " + endpoint;
  }

  @Override
  public Optional<String> existingBucket() {
    return Optional.of(bucket);
  }

  @Override
  public void close() {}
}
