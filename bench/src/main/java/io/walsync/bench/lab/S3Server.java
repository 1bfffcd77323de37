package io.walsync.bench.lab;

import java.net.URI;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** An S3 server in a process of its own on this machine. */
public interface S3Server extends AutoCloseable {

  String BUCKET = "bench";

  String name();

  String endpoint();

  String region();

  String accessKey();

  String secretKey();

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

  /** Stops it. */
  @Override
  void close();

  /** AWS's own client, to be closed by the caller. */
  default S3Client sdkClient() {
    return S3Client.builder()
        .endpointOverride(URI.create(endpoint()))
        .region(Region.of(region()))
        .forcePathStyle(true)
        .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
        .httpClientBuilder(UrlConnectionHttpClient.builder())
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create(accessKey(), secretKey())))
        .build();
  }
}
