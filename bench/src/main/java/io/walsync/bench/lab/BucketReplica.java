package io.walsync.bench.lab;

import io.walsync.replica.s3.S3ReplicaClient;
import io.walsync.replica.s3.S3Settings;
import io.walsync.testkit.S3Place;
import io.walsync.testkit.S3Server;
import java.util.List;
import java.util.Map;

/** A replica in the bucket of an S3 server on this machine. */
public final class BucketReplica implements Replica {

  /** The one in which all replicas of a bench are. */
  public static final String BUCKET = "bench";

  private final S3Place place;

  /**
   * @param path the key prefix
   */
  public BucketReplica(S3Server server, String path) {
    this.place = new S3Place(server, server.endpoint(), BUCKET, path);
  }

  public String path() {
    return place.path();
  }

  @Override
  public String storeName() {
    return place.server().name();
  }

  @Override
  public String url() {
    return place.url();
  }

  @Override
  public String litestreamUrl() {
    return place.litestreamUrl();
  }

  @Override
  public List<String> yaml() {
    return place.yaml();
  }

  @Override
  public Map<String, String> credentials() {
    return place.credentials();
  }

  @Override
  public S3ReplicaClient open() {
    S3Server server = place.server();
    return new S3ReplicaClient(
        S3Settings.builder()
            .bucket(BUCKET)
            .path(place.path())
            .endpoint(server.endpoint().toString())
            .region(server.region())
            .forcePathStyle(true)
            .keys(server.accessKey(), server.secretKey())
            .build());
  }
}
