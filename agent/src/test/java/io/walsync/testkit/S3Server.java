package io.walsync.testkit;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** A running S3 server: embedded, a process, a container or a real one; all the same to a test. */
public interface S3Server extends AutoCloseable {

  String name();

  URI endpoint();

  String accessKey();

  String secretKey();

  default String region() {
    return "us-east-1";
  }

  /** The bucket that tests must share; empty if each makes its own. */
  default Optional<String> existingBucket() {
    return Optional.empty();
  }

  /** The environment variables that programs read. */
  default Map<String, String> credentials() {
    return Map.of(
        "AWS_ACCESS_KEY_ID",
        accessKey(),
        "AWS_SECRET_ACCESS_KEY",
        secretKey(),
        "AWS_REGION",
        region());
  }

  /** AWS's own client, which shares nothing with the agent's; to be closed by the caller. */
  default S3Client sdkClient() {
    return S3Client.builder()
        .endpointOverride(endpoint())
        .region(Region.of(region()))
        .forcePathStyle(true)
        .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
        .httpClientBuilder(UrlConnectionHttpClient.builder())
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create(accessKey(), secretKey())))
        .build();
  }

  /** Stops it. */
  @Override
  void close();
}
