package io.walsync.store;

import io.walsync.config.ReplicaConfig;
import io.walsync.config.ReplicaType;
import io.walsync.io.FileAccess;
import io.walsync.replica.ReplicaClient;
import io.walsync.replica.ReplicaException;
import io.walsync.replica.file.FileReplicaClient;
import io.walsync.replica.s3.S3Encryption;
import io.walsync.replica.s3.S3ReplicaClient;
import io.walsync.replica.s3.S3Settings;
import java.io.File;
import java.util.Base64;

/** Turns a replica's configuration into the client that speaks to it. */
public final class ReplicaClients {

  private ReplicaClients() {}

  /** A client to read with. */
  public static ReplicaClient open(ReplicaConfig config) throws ReplicaException {
    return open(config, FileAccess.BY_UMASK);
  }

  /**
   * A client that has not spoken to the store yet.
   *
   * @param access of what it creates in a directory
   * @throws ReplicaException if the client cannot use the settings
   */
  static ReplicaClient open(ReplicaConfig config, FileAccess access) throws ReplicaException {
    if (config.type() == ReplicaType.FILE) {
      return new FileReplicaClient(new File(config.path()), access);
    }
    try {
      return new S3ReplicaClient(s3(config));
    } catch (IllegalArgumentException e) {
      throw new ReplicaException("open " + config.url() + ": " + e.getMessage(), e, true);
    }
  }

  static S3Settings s3(ReplicaConfig config) {
    S3Settings.Builder settings =
        S3Settings.builder()
            .bucket(config.bucket())
            .path(config.path())
            .endpoint(config.endpoint())
            .forcePathStyle(config.forcePathStyle())
            .keys(config.accessKeyId(), config.secretAccessKey())
            .skipVerify(config.skipVerify())
            .storageClass(config.storageClass())
            .partSizeBytes(config.partSizeBytes())
            .partConcurrency(config.concurrency())
            .encryption(encryption(config));
    String region = region(config);
    if (region != null) {
      settings.region(region);
    }
    return settings.build();
  }

  /** As configured, else as every AWS tool finds it in the environment. */
  private static String region(ReplicaConfig config) {
    if (config.region() != null) {
      return config.region();
    }
    String region = System.getenv("AWS_REGION");
    return region == null || region.isEmpty() ? System.getenv("AWS_DEFAULT_REGION") : region;
  }

  private static S3Encryption encryption(ReplicaConfig config) {
    if (config.sseCustomerKey() != null) {
      return S3Encryption.customerKey(Base64.getDecoder().decode(config.sseCustomerKey()));
    }
    if ("AES256".equals(config.serverSideEncryption())) {
      return S3Encryption.storeManaged();
    }
    boolean isKms = config.sseKmsKeyId() != null || config.serverSideEncryption() != null;
    return isKms ? S3Encryption.kms(config.sseKmsKeyId()) : S3Encryption.none();
  }
}
