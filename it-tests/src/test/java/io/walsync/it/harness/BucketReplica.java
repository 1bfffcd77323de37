package io.walsync.it.harness;

import io.walsync.testkit.S3Place;
import io.walsync.testkit.S3Server;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import software.amazon.awssdk.core.sync.RequestBody;
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

  private final S3Place place;
  private final S3Client client;

  public BucketReplica(S3Server server) {
    this(server, server.endpoint());
  }

  /**
   * @param endpoint where programs are told that the server is: a proxy in front of it
   */
  public BucketReplica(S3Server server, URI endpoint) {
    this.client = server.sdkClient();
    String bucket = server.existingBucket().orElseGet(() -> newBucket(client));
    this.place = new S3Place(server, endpoint, bucket, "replicas/" + UUID.randomUUID());
  }

  private static String newBucket(S3Client client) {
    String name = "it-" + UUID.randomUUID();
    client.createBucket(request -> request.bucket(name));
    return name;
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
  public List<LtxObject> list() {
    List<LtxObject> files = new ArrayList<>();
    for (S3Object object : objects()) {
      String[] parts = object.key().substring(place.path().length() + 1).split("/");
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
        .listObjectsV2Paginator(
            request -> request.bucket(place.bucket()).prefix(place.path() + "/"))
        .contents()
        .stream()
        .toList();
  }

  @Override
  public byte[] read(LtxObject file) {
    return client
        .getObjectAsBytes(request -> request.bucket(place.bucket()).key(file.key()))
        .asByteArray();
  }

  @Override
  public void write(LtxObject file, byte[] content) {
    client.putObject(
        request -> request.bucket(place.bucket()).key(file.key()), RequestBody.fromBytes(content));
  }

  @Override
  public void delete(LtxObject file) {
    client.deleteObject(request -> request.bucket(place.bucket()).key(file.key()));
  }

  @Override
  public void close() {
    client.close();
  }
}
