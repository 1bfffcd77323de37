package io.walsync.config;

import java.io.File;

/** Where one database's files go. {@link #toString} and {@link #url} never show a secret. */
public final class ReplicaConfig {

  /** Bytes; larger than Litestream's 5 MiB, which ends at 48.8 GiB with S3's 10,000 parts. */
  public static final long DEFAULT_PART_SIZE_BYTES = 16L << 20;

  /** Parts of one upload in flight; more make some stores answer SlowDown. */
  public static final int DEFAULT_CONCURRENCY = 4;

  private final Builder values;

  private ReplicaConfig(Builder values) {
    this.values = values;
  }

  public ReplicaType type() {
    return values.type;
  }

  /**
   * For FILE the absolute directory, for S3 the key prefix, to which {@code /0000/…} is appended;
   * empty for a whole bucket.
   */
  public String path() {
    return values.path;
  }

  /** S3: the bucket, or the ARN of an access point. Null for FILE. */
  public String bucket() {
    return values.bucket;
  }

  /** S3: the region, or null if the client has to find it (AWS only). */
  public String region() {
    return values.region;
  }

  /** S3: {@code http(s)://host[:port]}, or null for AWS. */
  public String endpoint() {
    return values.endpoint;
  }

  /** S3: null if the client has to look for credentials where AWS puts them. */
  public String accessKeyId() {
    return values.accessKeyId;
  }

  /** S3: null if and only if {@link #accessKeyId} is. */
  public String secretAccessKey() {
    return values.secretAccessKey;
  }

  /** S3: address objects as {@code host/bucket/key} rather than {@code bucket.host/key}. */
  public boolean forcePathStyle() {
    return values.forcePathStyle;
  }

  /** S3: accept any TLS certificate. */
  public boolean skipVerify() {
    return values.skipVerify;
  }

  /** S3: the storage class of new objects, or null for the bucket's default. */
  public String storageClass() {
    return values.storageClass;
  }

  /** S3: bytes of one part of a multipart upload, 5 MiB to 5 GiB. */
  public long partSizeBytes() {
    return values.partSizeBytes;
  }

  /** S3: parts of one upload in flight, 1 to 16. */
  public int concurrency() {
    return values.concurrency;
  }

  /** S3: the base64 of the 256-bit AES key for SSE-C, or null. */
  public String sseCustomerKey() {
    return values.sseCustomerKey;
  }

  /** S3: the id of the key for SSE-KMS, or null. */
  public String sseKmsKeyId() {
    return values.sseKmsKeyId;
  }

  /**
   * S3: {@code AES256} for keys of the store (SSE-S3), {@code aws:kms} for the account's default
   * key if there is no {@link #sseKmsKeyId}, or null.
   */
  public String serverSideEncryption() {
    return values.serverSideEncryption;
  }

  /** {@code s3://bucket/path} or {@code file:///path}, for messages. */
  public String url() {
    if (values.type == ReplicaType.FILE) {
      String path = values.path.replace(File.separatorChar, '/');
      return (path.startsWith("/") ? "file://" : "file:///") + path;
    }
    return "s3://" + values.bucket + "/" + values.path;
  }

  /**
   * The replica whose path has {@code relative} appended.
   *
   * @param relative with {@code /} between names; empty for this one
   */
  ReplicaConfig below(String relative) {
    if (relative.isEmpty()) {
      return this;
    }
    Builder copy = new Builder(values);
    copy.path =
        values.type == ReplicaType.FILE
            ? new File(values.path, relative).getPath()
            : joined(values.path, relative);
    return copy.build();
  }

  /** As Litestream: without empty names, but for one at the beginning. */
  private static String joined(String path, String relative) {
    return path.isEmpty() ? relative : (path + "/" + relative).replaceAll("/+", "/");
  }

  /** Whether both write to the same store, whatever the path in it. */
  boolean isSameStore(ReplicaConfig other) {
    return values.type == other.values.type
        && same(values.bucket, other.values.bucket)
        && same(values.endpoint, other.values.endpoint);
  }

  private static boolean same(String a, String b) {
    return a == null ? b == null : a.equals(b);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(url());
    append(text, "endpoint", values.endpoint);
    append(text, "region", values.region);
    append(text, "credentials", values.accessKeyId == null ? null : "given");
    return text.toString();
  }

  private static void append(StringBuilder text, String name, String value) {
    if (value != null) {
      text.append(' ').append(name).append('=').append(value);
    }
  }

  /** Collects the values; owned by the config built from it. */
  static final class Builder {
    ReplicaType type;
    String path;
    String bucket;
    String region;
    String endpoint;
    String accessKeyId;
    String secretAccessKey;
    boolean forcePathStyle;
    boolean skipVerify;
    String storageClass;
    long partSizeBytes = DEFAULT_PART_SIZE_BYTES;
    int concurrency = DEFAULT_CONCURRENCY;
    String sseCustomerKey;
    String sseKmsKeyId;
    String serverSideEncryption;

    Builder() {}

    private Builder(Builder other) {
      type = other.type;
      path = other.path;
      bucket = other.bucket;
      region = other.region;
      endpoint = other.endpoint;
      accessKeyId = other.accessKeyId;
      secretAccessKey = other.secretAccessKey;
      forcePathStyle = other.forcePathStyle;
      skipVerify = other.skipVerify;
      storageClass = other.storageClass;
      partSizeBytes = other.partSizeBytes;
      concurrency = other.concurrency;
      sseCustomerKey = other.sseCustomerKey;
      sseKmsKeyId = other.sseKmsKeyId;
      serverSideEncryption = other.serverSideEncryption;
    }

    ReplicaConfig build() {
      return new ReplicaConfig(new Builder(this));
    }
  }
}
