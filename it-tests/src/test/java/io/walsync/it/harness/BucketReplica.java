package io.walsync.it.harness;

import io.walsync.testkit.S3Server;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * A replica in a bucket of its own, or a path of its own in one that is there: {@code <path>/<level
 * as 4 hex digits>/<min>-<max>.ltx}. Looked at with the full AWS client, which shares nothing with
 * the agent's.
 */
public final class BucketReplica implements Replica, AutoCloseable {

  /** Beside the levels stands the folder of the owner object. */
  private static final String LEVEL = "[0-9a-f]+";

  private final String path = "replicas/" + UUID.randomUUID();
  private final S3Server server;
  private final URI endpoint;
  private final String bucket;
  private final S3Client client;

  public BucketReplica(S3Server server) {
    this(server, server.endpoint());
  }

  /**
   * @param endpoint where programs are told that the server is: a proxy in front of it
   */
  public BucketReplica(S3Server server, URI endpoint) {
    this.server = server;
    this.endpoint = endpoint;
    this.client =
        S3Client.builder()
            .endpointOverride(server.endpoint())
            .region(Region.of(server.region()))
            .forcePathStyle(true)
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .httpClientBuilder(UrlConnectionHttpClient.builder())
            .credentialsProvider(
                StaticCredentialsProvider.create(
                    AwsBasicCredentials.create(server.accessKey(), server.secretKey())))
            .build();
    this.bucket = server.existingBucket().orElseGet(() -> newBucket(client));
  }

  private static String newBucket(S3Client client) {
    String name = "it-" + UUID.randomUUID();
    client.createBucket(request -> request.bucket(name));
    return name;
  }

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
    return Map.of(
        "AWS_ACCESS_KEY_ID", server.accessKey(), "AWS_SECRET_ACCESS_KEY", server.secretKey());
  }

  @Override
  public List<LtxObject> list() {
    List<LtxObject> files = new ArrayList<>();
    for (S3Object object : objects()) {
      String[] parts = object.key().substring(path.length() + 1).split("/");
      if (parts.length == 2 && parts[0].matches(LEVEL)) {
        int level = Integer.parseInt(parts[0], 16);
        LtxObject.parse(level, object.key(), object.size()).ifPresent(files::add);
      }
    }
    return files;
  }

  @Override
  public List<String> keys() {
    return objects().stream().map(S3Object::key).toList();
  }

  private List<S3Object> objects() {
    return client
        .listObjectsV2Paginator(request -> request.bucket(bucket).prefix(path + "/"))
        .contents()
        .stream()
        .toList();
  }

  @Override
  public byte[] read(LtxObject file) {
    return client.getObjectAsBytes(request -> request.bucket(bucket).key(file.key())).asByteArray();
  }

  @Override
  public void write(LtxObject file, byte[] content) {
    client.putObject(
        request -> request.bucket(bucket).key(file.key()), RequestBody.fromBytes(content));
  }

  @Override
  public void delete(LtxObject file) {
    client.deleteObject(request -> request.bucket(bucket).key(file.key()));
  }

  @Override
  public void close() {
    client.close();
  }
}
