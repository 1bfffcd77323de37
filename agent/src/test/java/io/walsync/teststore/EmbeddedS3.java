package io.walsync.teststore;

import io.walsync.testkit.Folders;
import io.walsync.testkit.S3Server;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * An S3 server on a free loopback port of this JVM. It checks signatures, payload hashes, checksums
 * and clock skew, and honours conditional writes. Every request passes an {@link HttpFront}, which
 * counts it and can make it fail.
 *
 * <p>The methods that read and write objects go to the store directly: no request, no fault.
 */
public final class EmbeddedS3 implements S3Server {

  private static final String ACCESS_KEY_ID = "embedded-access-key";
  private static final String SECRET_ACCESS_KEY = "embedded-secret-key";

  private final BlobStore store;
  private final S3Proxy server;
  private final HttpFront front;

  private EmbeddedS3(BlobStore store) {
    this.store = new LockingBlobStore(store);
    this.server =
        S3Proxy.builder()
            .blobStore(this.store)
            .endpoint(URI.create("http://127.0.0.1:0"))
            .awsAuthentication(AuthenticationType.AWS_V4, ACCESS_KEY_ID, SECRET_ACCESS_KEY)
            .ignoreUnknownHeaders(true)
            .stopTimeout(0)
            .build();
    try {
      server.start();
    } catch (Exception e) {
      throw new IllegalStateException("the embedded S3 server does not start", e);
    }
    this.front = new HttpFront(URI.create("http://127.0.0.1:" + server.getPort()));
  }

  /** Forgets everything when closed. */
  public static EmbeddedS3 inMemory() {
    return new EmbeddedS3(new TransientNio2BlobStore());
  }

  /**
   * Keeps buckets below {@code folder}, which needs a file system with user extended attributes.
   */
  public static EmbeddedS3 onDisk(Path folder) {
    return new EmbeddedS3(new FilesystemNio2BlobStore(Folders.create(folder).toString()));
  }

  @Override
  public String name() {
    return "embedded";
  }

  @Override
  public URI endpoint() {
    return front.endpoint();
  }

  @Override
  public String accessKey() {
    return ACCESS_KEY_ID;
  }

  @Override
  public String secretKey() {
    return SECRET_ACCESS_KEY;
  }

  public Faults faults() {
    return front.faults();
  }

  public RequestLog requests() {
    return front.requests();
  }

  public HttpFront front() {
    return front;
  }

  /**
   * @param bucket at least 3 characters
   */
  public EmbeddedS3 createBucket(String bucket) {
    store.createContainer(bucket);
    return this;
  }

  public byte[] read(String bucket, String key) {
    try (var object = store.getBlob(bucket, key)) {
      return object.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void put(String bucket, String key, byte[] content) {
    put(bucket, key, content, Map.of());
  }

  /**
   * @param metadata user metadata by its name without {@code x-amz-meta-}
   */
  public void put(String bucket, String key, byte[] content, Map<String, String> metadata) {
    PutObjectRequest request =
        PutObjectRequest.builder()
            .bucket(bucket)
            .key(key)
            .contentLength((long) content.length)
            .metadata(metadata)
            .build();
    store.putBlob(request, new ByteArrayInputStream(content));
  }

  public void delete(String bucket, String key) {
    store.removeBlob(bucket, key);
  }

  /** Size, user metadata, content type and so on of one object. */
  public HeadObjectResponse head(String bucket, String key) {
    return store.blobMetadata(bucket, key);
  }

  /** All keys with a prefix, ascending. */
  public List<String> keys(String bucket, String prefix) {
    List<String> keys = new ArrayList<>();
    String token = null;
    do {
      ListObjectsV2Response page =
          store.list(
              ListObjectsV2Request.builder()
                  .bucket(bucket)
                  .prefix(prefix)
                  .continuationToken(token)
                  .build());
      for (S3Object object : page.contents()) {
        keys.add(object.key());
      }
      token = page.nextContinuationToken();
    } while (token != null);
    return keys;
  }

  @Override
  public void close() {
    front.close();
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("the embedded S3 server does not stop", e);
    }
    store.close();
  }
}
