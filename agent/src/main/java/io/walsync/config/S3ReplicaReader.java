package io.walsync.config;

import io.walsync.replica.s3.S3Encryption;
import io.walsync.replica.s3.S3Settings;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the settings of one S3 replica. */
final class S3ReplicaReader {

  private static final Pattern ACCESS_POINT =
      Pattern.compile("arn:[a-z-]+:s3:[a-z0-9-]+:[0-9]+:accesspoint/[A-Za-z0-9._-]+");

  private static final String DEFAULT_REGION = "us-east-1";

  /** Most parts in flight that Cloudflare R2 and Tigris accept. */
  private static final int FRAGILE_CONCURRENCY = 2;

  /** Bytes; a 256-bit key in base64 with a line end takes 45. */
  private static final int MAX_KEY_FILE_BYTES = 1024;

  private static final int SSE_KEY_BYTES = 32;

  private static final String STORE_MANAGED = "AES256";
  private static final String KMS = "aws:kms";

  private final ReplicaSettings settings;
  private final @Nullable WrittenUrl url;
  private final Map<String, String> environment;
  private final S3Host host;
  private final S3Settings.Builder config = S3Settings.builder();

  /** The endpoint with a scheme; null for AWS. */
  private @Nullable String endpoint;

  /**
   * @param url null if the replica has none
   */
  S3ReplicaReader(
      ReplicaSettings settings, @Nullable WrittenUrl url, Map<String, String> environment) {
    this.settings = settings;
    this.url = url;
    this.environment = environment;
    this.host = url == null ? S3Host.NONE : S3Host.parse(url.parsed.host);
  }

  ReplicaConfig read() throws ConfigException {
    readLocation();
    readAddress();
    readCredentials();
    readUpload();
    readEncryption();
    try {
      return ReplicaConfig.s3(config.build());
    } catch (IllegalArgumentException e) {
      throw settings.section().error(String.valueOf(e.getMessage()));
    }
  }

  private void readLocation() throws ConfigException {
    Section replica = settings.section();
    if (url == null) {
      Value path = replica.get("path");
      Value bucket = settings.get("bucket");
      if (bucket == null) {
        throw replica.missing("bucket", "needs a `bucket`, or a `url` such as s3://bucket/path");
      }
      config.bucket(requireBucket(bucket, bucket.text()));
      config.path(path == null ? "" : keyPath(path));
      if (path == null) {
        warnOfWholeBucket(bucket);
      }
      return;
    }
    for (String key : new String[] {"path", "bucket"}) {
      Value other = replica.get(key);
      if (other != null) {
        throw other.error("contradicts `url`; a replica has one or the other");
      }
    }
    String path = url.parsed.path;
    config.bucket(requireBucket(url.value, host.bucket));
    config.path(path);
    if (path.isEmpty() || path.equals(".")) {
      warnOfWholeBucket(url.value);
    }
  }

  private String requireBucket(Value value, String bucket) throws ConfigException {
    if (bucket.startsWith("arn:")) {
      if (!ACCESS_POINT.matcher(bucket).matches()) {
        throw value.error("is not the ARN of an access point and a path");
      }
      return bucket;
    }
    boolean isAddress =
        bucket.isEmpty() || url != null && url.parsed.host.matches("[0-9.]+:[0-9]*");
    if (isAddress) {
      throw value.error("names no bucket; write s3://bucket/path?endpoint=http://host:port");
    }
    if (!bucket.matches("[A-Za-z0-9._-]{1,255}")) {
      throw value.error("is not the name of a bucket (letters, digits, dots, hyphens)");
    }
    return bucket;
  }

  private static void warnOfWholeBucket(Value value) {
    value.warn("names no path in the bucket, which is then one replica as a whole");
  }

  /**
   * The path exactly as written. Litestream keeps unusual slashes as part of the keys, and a
   * replica that it has written must be found.
   */
  private static String keyPath(Value value) throws ConfigException {
    String path = value.text();
    if (ReplicaUrl.isUrl(path)) {
      throw value.error("must not be a URL; use `url`");
    }
    String clean = path.replaceAll("/+", "/").replaceAll("^/|/$", "");
    if (!path.equals(clean)) {
      value.warn(
          "begins or ends with \"/\" or contains \"//\", which is part of Litestream's keys (\""
              + path
              + "/0000/\"); a replica that is there is gone on with, any other is at \""
              + clean
              + "\"");
    }
    return path;
  }

  private void readAddress() throws ConfigException {
    Value given = settings.get("endpoint");
    String fromEnvironment = environment.get("LITESTREAM_S3_ENDPOINT");
    boolean isPathStyle = true;
    if (given != null) {
      String text = given.text();
      endpoint = settings.isParameter(given) ? Endpoint.ofUrl(text) : Endpoint.ofKey(text);
      String problem = Endpoint.problem(endpoint);
      if (problem != null) {
        throw given.error(problem);
      }
    } else if (host.endpoint != null) {
      endpoint = host.endpoint;
      isPathStyle = host.isPathStyle;
    } else if (fromEnvironment != null && !fromEnvironment.isEmpty()) {
      endpoint = Endpoint.ofUrl(fromEnvironment);
      String problem = Endpoint.problem(endpoint);
      if (problem != null) {
        throw settings.section().error("LITESTREAM_S3_ENDPOINT " + problem);
      }
    } else {
      isPathStyle = false;
    }
    if (endpoint != null) {
      endpoint = endpoint.replaceFirst("/$", "");
      isPathStyle |= Endpoint.needsPathStyle(endpoint);
    }
    try {
      config.endpoint(endpoint);
    } catch (IllegalArgumentException e) {
      throw settings.section().error(String.valueOf(e.getMessage()));
    }
    config.forcePathStyle(settings.bool("force-path-style", isPathStyle));
    config.skipVerify(settings.bool("skip-verify", false));
    readRegion();
  }

  /**
   * The configured region; on AWS else the environment's, as every AWS tool does it; else the
   * default.
   */
  private void readRegion() throws ConfigException {
    String region = settings.text("region");
    if (region == null) {
      region = host.region;
    }
    if (region == null && endpoint == null) {
      region = isSet("AWS_REGION") ? environment.get("AWS_REGION") : null;
      if (region == null && isSet("AWS_DEFAULT_REGION")) {
        region = environment.get("AWS_DEFAULT_REGION");
      }
    }
    config.region(region == null ? DEFAULT_REGION : region);
  }

  private void readCredentials() throws ConfigException {
    Value givenId = settings.get("access-key-id");
    Value givenSecret = settings.get("secret-access-key");
    warnIfAlone(givenId, givenSecret, "secret-access-key");
    warnIfAlone(givenSecret, givenId, "access-key-id");
    String id = givenId == null ? null : givenId.text();
    String secret = givenSecret == null ? null : givenSecret.text();
    if (id == null || secret == null) {
      id = fromEnvironment("ACCESS_KEY_ID");
      secret = fromEnvironment("SECRET_ACCESS_KEY");
      // Both are in AWS_*: the client reads them itself, together with the session token.
      boolean isAws = isSet("AWS_ACCESS_KEY_ID") && isSet("AWS_SECRET_ACCESS_KEY");
      if (isAws || id == null || secret == null) {
        return;
      }
    }
    boolean isOfEnvironment =
        id.equals(environment.get("AWS_ACCESS_KEY_ID"))
            && secret.equals(environment.get("AWS_SECRET_ACCESS_KEY"));
    if (isOfEnvironment) {
      return; // as in the environment, where their session token may be; the client reads all three
    }
    config.keys(id, secret);
  }

  private static void warnIfAlone(@Nullable Value given, @Nullable Value other, String otherName) {
    if (given != null && other == null) {
      given.warn("is ignored without `" + otherName + "`; the environment is asked for both");
    }
  }

  private @Nullable String fromEnvironment(String name) {
    if (isSet("AWS_" + name)) {
      return environment.get("AWS_" + name);
    }
    return isSet("LITESTREAM_" + name) ? environment.get("LITESTREAM_" + name) : null;
  }

  private boolean isSet(String name) {
    String value = environment.get(name);
    return value != null && !value.isEmpty();
  }

  private void readUpload() throws ConfigException {
    config.storageClass(settings.text("storage-class"));
    boolean isFragile = endpoint != null && Endpoint.needsFewParts(endpoint);
    Value partSize = settings.get("part-size");
    if (partSize != null) {
      config.partSizeBytes(
          partSize.nearestSize(S3Settings.MIN_PART_SIZE_BYTES, S3Settings.MAX_PART_SIZE_BYTES));
    }
    Value concurrency = settings.get("concurrency");
    if (concurrency != null) {
      config.partConcurrency(concurrency.integer(1, S3Settings.MAX_PART_CONCURRENCY));
    } else if (isFragile) {
      config.partConcurrency(FRAGILE_CONCURRENCY);
    }
    warnUnless("sign-payload", true, "payloads are always signed; ignored");
    warnUnless("require-content-md5", true, "deletes always carry Content-MD5; ignored");
    warnUnless("put-object-content-md5", false, "uploads carry SHA-256 instead; ignored");
    Value signAcceptEncoding = settings.get("sign-accept-encoding");
    if (signAcceptEncoding != null) {
      signAcceptEncoding.bool();
    }
  }

  private void warnUnless(String key, boolean usual, String problem) throws ConfigException {
    Value value = settings.get(key);
    if (value != null && value.bool() != usual) {
      value.warn(problem);
    }
  }

  private void readEncryption() throws ConfigException {
    Value kmsKey = settings.get("sse-kms-key-id");
    String kmsKeyId = kmsKey == null ? null : kmsKey.text();
    String managed = managedEncryption(kmsKeyId);
    Value keyFile = settings.get("sse-customer-key-path");
    Value key = keyFile == null ? settings.get("sse-customer-key") : keyFile;
    Value algorithm = settings.get("sse-customer-algorithm");
    if (algorithm != null && key != null && !algorithm.text().equals("AES256")) {
      throw algorithm.error("must be AES256");
    }
    if (key == null) {
      if (algorithm != null) {
        algorithm.warn("has no effect without `sse-customer-key` or `sse-customer-key-path`");
      }
      if (STORE_MANAGED.equals(managed)) {
        config.encryption(S3Encryption.storeManaged());
      } else if (kmsKeyId != null || managed != null) {
        config.encryption(kmsKey == null ? S3Encryption.kms(null) : kms(kmsKey));
      }
      return;
    }
    if (kmsKeyId != null || managed != null) {
      String other = kmsKeyId != null ? "sse-kms-key-id" : "server-side-encryption";
      throw key.error("contradicts `" + other + "`; objects are encrypted one way or the other");
    }
    String base64 = keyFile == null ? key.text() : readKey(keyFile);
    if (!isKey(base64)) {
      throw key.error("must hold 32 bytes in base64");
    }
    boolean isClear =
        endpoint != null
            && endpoint.startsWith("http://")
            && !Endpoint.isLocal(Endpoint.host(endpoint));
    if (isClear) {
      throw key.error("would be sent in the clear; use an https endpoint");
    }
    config.encryption(S3Encryption.customerKey(Base64.getDecoder().decode(base64)));
  }

  private static S3Encryption kms(Value key) throws ConfigException {
    try {
      return S3Encryption.kms(key.text());
    } catch (IllegalArgumentException e) {
      throw key.error(String.valueOf(e.getMessage()));
    }
  }

  private @Nullable String managedEncryption(@Nullable String kmsKeyId) throws ConfigException {
    Value value = settings.get("server-side-encryption");
    if (value == null) {
      return null;
    }
    String algorithm = value.text();
    boolean isStoreManaged = algorithm.equals(STORE_MANAGED);
    if (!isStoreManaged && !algorithm.equals(KMS)) {
      throw value.error("must be " + STORE_MANAGED + " (keys of the store) or " + KMS);
    }
    if (isStoreManaged && kmsKeyId != null) {
      throw value.error("contradicts `sse-kms-key-id`; objects are encrypted one way or the other");
    }
    return algorithm;
  }

  private static boolean isKey(String base64) {
    try {
      return Base64.getDecoder().decode(base64).length == SSE_KEY_BYTES;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static String readKey(Value path) throws ConfigException {
    File file = UserPath.absolute(path.text());
    try (RandomAccessFile in = new RandomAccessFile(file, "r")) {
      if (in.length() > MAX_KEY_FILE_BYTES) {
        throw path.error("is too large to be a key: " + file);
      }
      byte[] bytes = new byte[(int) in.length()];
      in.readFully(bytes);
      return new String(bytes, StandardCharsets.US_ASCII).trim();
    } catch (IOException e) {
      throw path.error("cannot be read: " + e.getMessage());
    }
  }
}
