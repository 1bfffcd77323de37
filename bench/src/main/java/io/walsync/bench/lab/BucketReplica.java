package io.walsync.bench.lab;

import io.walsync.replica.s3.S3ReplicaClient;
import io.walsync.replica.s3.S3Settings;
import java.util.List;
import java.util.Map;

/**
 * A replica in a bucket of an S3 server on this machine.
 *
 * @param path the key prefix
 */
public record BucketReplica(S3Server server, String path) implements Replica {

  @Override
  public String storeName() {
    return server.name();
  }

  @Override
  public String url() {
    return "s3://"
        + S3Server.BUCKET
        + "/"
        + path
        + "?endpoint="
        + server.endpoint()
        + "&region="
        + server.region()
        + "&forcePathStyle=true";
  }

  @Override
  public List<String> yaml() {
    return List.of(
        "type: s3",
        "bucket: " + S3Server.BUCKET,
        "path: " + path,
        "endpoint: " + server.endpoint(),
        "region: " + server.region(),
        "force-path-style: true",
        "access-key-id: " + server.accessKey(),
        "secret-access-key: " + server.secretKey());
  }

  @Override
  public Map<String, String> environment() {
    return server.credentials();
  }

  @Override
  public S3ReplicaClient open() {
    return new S3ReplicaClient(
        S3Settings.builder()
            .bucket(S3Server.BUCKET)
            .path(path)
            .endpoint(server.endpoint())
            .region(server.region())
            .forcePathStyle(true)
            .keys(server.accessKey(), server.secretKey())
            .build());
  }
}
