package io.walsync.testkit;

import java.net.URI;
import java.util.List;
import java.util.Map;

/**
 * A key prefix in a bucket.
 *
 * @param endpoint where programs are told that the server is: it may be a proxy in front of it
 */
public record S3Place(S3Server server, URI endpoint, String bucket, String path)
    implements ReplicaPlace {

  @Override
  public String url() {
    return "s3://" + bucket + "/" + path + "?endpoint=" + endpoint + "&region=" + server.region();
  }

  @Override
  public String litestreamUrl() {
    return url() + "&forcePathStyle=true";
  }

  @Override
  public List<String> yaml() {
    return List.of(
        "type: s3",
        "bucket: " + bucket,
        "path: " + path,
        "endpoint: " + endpoint,
        "region: " + server.region(),
        "force-path-style: true",
        "access-key-id: " + server.accessKey(),
        "secret-access-key: " + server.secretKey());
  }

  @Override
  public Map<String, String> credentials() {
    return server.credentials();
  }
}
