package io.walsync.replica.s3;

import java.io.File;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where a replica is and how to reach it. Immutable; equal if every setting is; {@link #toString}
 * holds no secret.
 *
 * <p>A new setting is a field of the {@link Builder}, a line in its {@code all} and its {@code
 * copy}, a setter and a getter here.
 */
public final class S3Settings {

  /** The smallest part S3 accepts but for the last. */
  public static final long MIN_PART_SIZE_BYTES = 5L * 1024 * 1024;

  /** The largest object S3 accepts in one PUT. */
  public static final long MAX_PART_SIZE_BYTES = 5L * 1024 * 1024 * 1024;

  /** Each part under way holds a buffer of its size. */
  public static final int MAX_PART_CONCURRENCY = 16;

  private final String path;
  private final Builder values;

  private S3Settings(String path, Builder values) {
    this.path = path;
    this.values = values;
  }

  public static Builder builder() {
    return new Builder();
  }

  /** The same place in the same bucket for another replica. */
  public S3Settings withPath(String path) {
    return toBuilder().path(path).build();
  }

  /** What the connections to the bucket depend on: equal for all replicas that can share them. */
  public S3Settings withoutPath() {
    return withPath("");
  }

  /** A builder that holds these settings. */
  public Builder toBuilder() {
    return values.copy();
  }

  public String bucket() {
    return values.bucket;
  }

  /** As it stands; empty for a whole bucket. */
  public String path() {
    return path;
  }

  public String region() {
    return values.region;
  }

  /** Null for AWS. */
  public @Nullable URI endpoint() {
    return values.endpoint;
  }

  public boolean forcePathStyle() {
    return values.forcePathStyle;
  }

  /** Whether keys are configured, rather than found as the AWS tools find them. */
  public boolean hasStaticKeys() {
    return values.accessKeyId != null;
  }

  /** Null if the keys have to be found. */
  public @Nullable String accessKeyId() {
    return values.accessKeyId;
  }

  /** Null if and only if {@link #accessKeyId} is. */
  public @Nullable String secretAccessKey() {
    return values.secretAccessKey;
  }

  @Nullable String sessionToken() {
    return values.sessionToken;
  }

  @Nullable File caBundle() {
    return values.caBundle;
  }

  /** Whether any certificate is believed. */
  public boolean skipVerify() {
    return values.skipVerify;
  }

  /** Of new objects; null for the bucket's default. */
  public @Nullable String storageClass() {
    return values.storageClass;
  }

  public S3Encryption encryption() {
    return values.encryption;
  }

  /** Larger objects are written in parts of this size. */
  public long partSizeBytes() {
    return values.partSizeBytes;
  }

  /** Parts of one object under way at a time. */
  public int partConcurrency() {
    return values.partConcurrency;
  }

  int connectTimeoutMillis() {
    return values.connectTimeoutMillis;
  }

  int readTimeoutMillis() {
    return values.readTimeoutMillis;
  }

  @Nullable String proxy() {
    return values.proxy;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof S3Settings
        && Arrays.equals(values.all(), ((S3Settings) other).values.all());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values.all());
  }

  @Override
  public String toString() {
    String where = endpoint() == null ? "AWS" : endpoint().toString();
    return "s3://" + bucket() + "/" + path() + " at " + where + ", region " + region();
  }

  /** Collects and checks settings. */
  public static final class Builder {

    /** Litestream restores and R2 want parts of one size; this keeps 150 GB below 10,000 parts. */
    private static final long DEFAULT_PART_SIZE_BYTES = 16L * 1024 * 1024;

    /** Fills most links; more parts at once make some stores answer SlowDown. */
    private static final int DEFAULT_PART_CONCURRENCY = 4;

    private static final int DEFAULT_CONNECT_TIMEOUT_MILLIS = 10_000;
    private static final int DEFAULT_READ_TIMEOUT_MILLIS = 15_000;

    private String bucket = "";

    /** Null before it is set: the empty one is that of a whole bucket. */
    private @Nullable String path;

    private String region = "us-east-1";
    private @Nullable URI endpoint;
    private boolean forcePathStyle;
    private @Nullable String accessKeyId;
    private @Nullable String secretAccessKey;
    private @Nullable String sessionToken;
    private @Nullable File caBundle;
    private boolean skipVerify;
    private @Nullable String storageClass;
    private S3Encryption encryption = S3Encryption.none();
    private long partSizeBytes = DEFAULT_PART_SIZE_BYTES;
    private int partConcurrency = DEFAULT_PART_CONCURRENCY;
    private int connectTimeoutMillis = DEFAULT_CONNECT_TIMEOUT_MILLIS;
    private int readTimeoutMillis = DEFAULT_READ_TIMEOUT_MILLIS;
    private @Nullable String proxy;

    private Builder() {}

    private Object[] all() {
      return new Object[] {
        bucket,
        path,
        region,
        endpoint,
        forcePathStyle,
        accessKeyId,
        secretAccessKey,
        sessionToken,
        caBundle,
        skipVerify,
        storageClass,
        encryption,
        partSizeBytes,
        partConcurrency,
        connectTimeoutMillis,
        readTimeoutMillis,
        proxy
      };
    }

    private Builder copy() {
      Builder copy = new Builder();
      copy.bucket = bucket;
      copy.path = path;
      copy.region = region;
      copy.endpoint = endpoint;
      copy.forcePathStyle = forcePathStyle;
      copy.accessKeyId = accessKeyId;
      copy.secretAccessKey = secretAccessKey;
      copy.sessionToken = sessionToken;
      copy.caBundle = caBundle;
      copy.skipVerify = skipVerify;
      copy.storageClass = storageClass;
      copy.encryption = encryption;
      copy.partSizeBytes = partSizeBytes;
      copy.partConcurrency = partConcurrency;
      copy.connectTimeoutMillis = connectTimeoutMillis;
      copy.readTimeoutMillis = readTimeoutMillis;
      copy.proxy = proxy;
      return copy;
    }

    /**
     * @param bucket a bucket name, or the ARN of an access point
     */
    public Builder bucket(String bucket) {
      this.bucket = bucket;
      return this;
    }

    /**
     * @param path what all keys of the replica start with, before a slash; taken as it is, since
     *     Litestream takes it so
     */
    public Builder path(String path) {
      this.path = path;
      return this;
    }

    /** The default is {@code us-east-1}; AWS itself corrects a wrong one. */
    public Builder region(String region) {
      this.region = region;
      return this;
    }

    /**
     * @param endpoint URL of a store that is not AWS; {@code https} if it has no scheme; null for
     *     AWS
     * @throws IllegalArgumentException if it is not a URL or holds user and password
     */
    public Builder endpoint(@Nullable String endpoint) {
      if (endpoint == null) {
        this.endpoint = null;
        return this;
      }
      try {
        URI uri = new URI(endpoint.contains("://") ? endpoint : "https://" + endpoint);
        if (uri.getRawAuthority() == null || uri.getRawAuthority().contains("@")) {
          throw new IllegalArgumentException("an endpoint is https://host[:port] without a user");
        }
        this.endpoint = uri;
        return this;
      } catch (URISyntaxException e) {
        throw new IllegalArgumentException("endpoint is not a URL: " + e.getReason());
      }
    }

    /** Bucket in the path rather than in the host name; most stores other than AWS need it. */
    public Builder forcePathStyle(boolean forcePathStyle) {
      this.forcePathStyle = forcePathStyle;
      return this;
    }

    /** Without keys they are looked for as the AWS tools do. */
    public Builder keys(String accessKeyId, String secretAccessKey) {
      this.accessKeyId = accessKeyId;
      this.secretAccessKey = secretAccessKey;
      return this;
    }

    /** Of temporary keys. */
    public Builder sessionToken(@Nullable String sessionToken) {
      this.sessionToken = sessionToken;
      return this;
    }

    /**
     * @param caBundle PEM certificates believed instead of the JVM's; null for {@code
     *     AWS_CA_BUNDLE} or else the JVM's
     */
    public Builder caBundle(@Nullable File caBundle) {
      this.caBundle = caBundle;
      return this;
    }

    /** Believe any certificate. */
    public Builder skipVerify(boolean skipVerify) {
      this.skipVerify = skipVerify;
      return this;
    }

    /**
     * @param storageClass such as {@code STANDARD_IA}; null for the bucket's default
     */
    public Builder storageClass(@Nullable String storageClass) {
      this.storageClass = storageClass;
      return this;
    }

    public Builder encryption(S3Encryption encryption) {
      this.encryption = Objects.requireNonNull(encryption, "encryption");
      return this;
    }

    /**
     * @param partSizeBytes 5 MiB to 5 GiB; the default is 16 MiB
     */
    public Builder partSizeBytes(long partSizeBytes) {
      this.partSizeBytes = partSizeBytes;
      return this;
    }

    /**
     * @param partConcurrency parts of one object under way at a time, 1 to 16; the default is 4
     */
    public Builder partConcurrency(int partConcurrency) {
      this.partConcurrency = partConcurrency;
      return this;
    }

    /** For each address of the store; the default is 10 s. */
    public Builder connectTimeoutMillis(int connectTimeoutMillis) {
      this.connectTimeoutMillis = connectTimeoutMillis;
      return this;
    }

    /**
     * Longest silence of the store, and longest time without progress when sending; the default is
     * 15 s. A connection whose other end is gone costs as much after an outage.
     */
    public Builder readTimeoutMillis(int readTimeoutMillis) {
      this.readTimeoutMillis = readTimeoutMillis;
      return this;
    }

    /**
     * @param proxy {@code http://[user:password@]host:port}; null for what {@code HTTPS_PROXY},
     *     {@code HTTP_PROXY} and {@code NO_PROXY} say
     */
    public Builder proxy(@Nullable String proxy) {
      this.proxy = proxy;
      return this;
    }

    /**
     * @throws IllegalArgumentException if a setting is missing or out of its range; names it, never
     *     shows a secret
     */
    public S3Settings build() {
      require(!bucket.isEmpty(), "bucket is missing");
      if (path == null) {
        throw new IllegalArgumentException("path is missing");
      }
      require(!hasControlCharacter(path), "path holds a control character");
      require(!region.isEmpty(), "region is missing");
      require(
          (accessKeyId == null) == (secretAccessKey == null),
          "access-key-id and secret-access-key go together");
      require(sessionToken == null || accessKeyId != null, "session-token needs an access-key-id");
      require(
          partSizeBytes >= MIN_PART_SIZE_BYTES && partSizeBytes <= MAX_PART_SIZE_BYTES,
          "part-size is not between 5 MiB and 5 GiB");
      require(
          partConcurrency >= 1 && partConcurrency <= MAX_PART_CONCURRENCY,
          "concurrency is not between 1 and " + MAX_PART_CONCURRENCY);
      require(connectTimeoutMillis > 0 && readTimeoutMillis > 0, "a timeout is not positive");
      return new S3Settings(path, copy());
    }

    private static void require(boolean holds, String message) {
      if (!holds) {
        throw new IllegalArgumentException(message);
      }
    }

    private static boolean hasControlCharacter(String text) {
      for (int i = 0; i < text.length(); i++) {
        if (text.charAt(i) < ' ') {
          return true;
        }
      }
      return false;
    }
  }
}
