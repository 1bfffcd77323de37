package io.walsync.teststore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

class EmbeddedS3Test {

  private static final byte[] CONTENT = "content".getBytes(StandardCharsets.UTF_8);

  @Test
  void whatTheAwsClientWritesIsInTheStoreAndCounted() {
    try (EmbeddedS3 s3 = EmbeddedS3.inMemory().createBucket("bucket");
        S3Client client = client(s3, s3.endpoint())) {
      client.putObject(
          r -> r.bucket("bucket").key("a/b").metadata(Map.of("color", "red")),
          RequestBody.fromBytes(CONTENT));

      assertThat(s3.read("bucket", "a/b")).isEqualTo(CONTENT);
      assertThat(s3.head("bucket", "a/b").metadata()).containsEntry("color", "red");
      assertThat(s3.keys("bucket", "a/")).containsExactly("a/b");
      assertThat(s3.requests().count(S3Operation.PUT_OBJECT)).isEqualTo(1);
      assertThat(s3.requests().last(S3Operation.PUT_OBJECT).header("x-amz-meta-color"))
          .isEqualTo("red");
    }
  }

  @Test
  void aSecondConditionalPutIsRefused() {
    try (EmbeddedS3 s3 = EmbeddedS3.inMemory().createBucket("bucket");
        S3Client client = client(s3, s3.endpoint())) {
      s3.put("bucket", "key", CONTENT);

      assertThatThrownBy(
              () ->
                  client.putObject(
                      r -> r.bucket("bucket").key("key").ifNoneMatch("*"),
                      RequestBody.fromBytes(CONTENT)))
          .isInstanceOfSatisfying(
              S3Exception.class, e -> assertThat(e.statusCode()).isEqualTo(412));
    }
  }

  @Test
  void aFaultHitsTheRequestItIsMeantForAndNoOther() {
    try (EmbeddedS3 s3 = EmbeddedS3.inMemory().createBucket("bucket");
        S3Client client = client(s3, s3.endpoint())) {
      s3.put("bucket", "key", CONTENT);
      s3.faults().nth(S3Operation.GET_OBJECT, 2, Fault.error(403, "AccessDenied"));

      client.getObjectAsBytes(r -> r.bucket("bucket").key("key"));
      assertThatThrownBy(() -> client.getObjectAsBytes(r -> r.bucket("bucket").key("key")))
          .hasMessageContaining("injected AccessDenied");
      client.getObjectAsBytes(r -> r.bucket("bucket").key("key"));

      assertThat(s3.requests().count(S3Operation.GET_OBJECT)).isEqualTo(3);
    }
  }

  @Test
  void aLostAnswerLeavesTheObjectInTheStore() {
    try (EmbeddedS3 s3 = EmbeddedS3.inMemory().createBucket("bucket");
        S3Client client = client(s3, s3.endpoint())) {
      s3.faults().always(S3Operation.PUT_OBJECT, Fault.loseAnswer());

      assertThatThrownBy(
              () ->
                  client.putObject(
                      r -> r.bucket("bucket").key("key"), RequestBody.fromBytes(CONTENT)))
          .isInstanceOf(SdkClientException.class);

      assertThat(s3.read("bucket", "key")).isEqualTo(CONTENT);
    }
  }

  @Test
  void aStoreOnDiskOutlivesItsServer(@TempDir Path folder) {
    try (EmbeddedS3 s3 = EmbeddedS3.onDisk(folder).createBucket("bucket")) {
      s3.put("bucket", "key", CONTENT);
    }
    try (EmbeddedS3 s3 = EmbeddedS3.onDisk(folder)) {
      assertThat(s3.read("bucket", "key")).isEqualTo(CONTENT);
    }
  }

  private static S3Client client(EmbeddedS3 s3, URI endpoint) {
    return S3Client.builder()
        .endpointOverride(endpoint)
        .region(Region.of(s3.region()))
        .forcePathStyle(true)
        .httpClientBuilder(UrlConnectionHttpClient.builder())
        .credentialsProvider(
            StaticCredentialsProvider.create(
                AwsBasicCredentials.create(s3.accessKey(), s3.secretKey())))
        .build();
  }
}
