package io.walsync.it.harness;

import java.net.URI;

/**
 * A server that somebody else runs: {@code -Ds3.endpoint=}, with the key pair and the region from
 * the usual AWS environment variables. Its buckets stay.
 */
record S3External(URI endpoint, String accessKey, String secretKey, String region)
    implements S3Server {

  static S3External fromEnvironment(String endpoint) {
    String region = System.getenv("AWS_REGION");
    return new S3External(
        URI.create(endpoint),
        System.getenv("AWS_ACCESS_KEY_ID"),
        System.getenv("AWS_SECRET_ACCESS_KEY"),
        region == null ? "us-east-1" : region);
  }

  @Override
  public String name() {
    return "endpoint " + endpoint;
  }

  @Override
  public void close() {}
}
