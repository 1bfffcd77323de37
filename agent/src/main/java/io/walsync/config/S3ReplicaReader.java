package io.walsync.config;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Pattern;

/** Reads the settings of one S3 replica. */
final class S3ReplicaReader {

  private static final Pattern ACCESS_POINT =
      Pattern.compile("arn:[a-z-]+:s3:[a-z0-9-]+:[0-9]+:accesspoint/[A-Za-z0-9._-]+");

  private static final String DEFAULT_REGION = "us-east-1";

  /** Bytes; S3's own limits of a part. */
  private static final long MIN_PART_SIZE_BYTES = 5L << 20;

  private static final long MAX_PART_SIZE_BYTES = 5L << 30;

  /** Parts in flight; each holds a buffer of the part's size. */
  private static final int MAX_CONCURRENCY = 16;

  /** Parts in flight that Cloudflare R2 and Tigris bear. */
  private static final int FRAGILE_CONCURRENCY = 2;

  /** Bytes; a 256-bit key in base64 with a line end takes 45. */
  private static final int MAX_KEY_FILE_BYTES = 1024;

  private static final int SSE_KEY_BYTES = 32;

  private static final String STORE_MANAGED = "AES256";
  private static final String KMS = "aws:kms";

  private final ReplicaSettings settings;
  private final Value url;
  private final ReplicaUrl parsed;
  private final Map<String, String> environment;
  private final S3Host host;

  /**
   * @param url null if the replica has none; so is {@code parsed} then
   */
  S3ReplicaReader(
      ReplicaSettings settings, Value url, ReplicaUrl parsed, Map<String, String> environment) {
    this.settings = settings;
    this.url = url;
    this.parsed = parsed;
    this.environment = environment;
    this.host = parsed == null ? null : S3Host.parse(parsed.host);
  }

  ReplicaConfig read() throws ConfigException {
    ReplicaConfig.Builder config = new ReplicaConfig.Builder();
    config.type = ReplicaType.S3;
    readLocation(config);
    readAddress(config);
    readCredentials(config);
    readUpload(config);
    readEncryption(config);
    return config.build();
  }

  private void readLocation(ReplicaConfig.Builder config) throws ConfigException {
    Section replica = settings.section();
    Value path = replica.get("path");
    if (url == null) {
      Value bucket = settings.get("bucket");
      if (bucket == null) {
        throw replica.missing("bucket", "needs a `bucket`, or a `url` such as s3://bucket/path");
      }
      config.bucket = requireBucket(bucket, bucket.text());
      config.path = path == null ? "" : keyPath(path);
      if (path == null) {
        warnOfWholeBucket(bucket);
      }
      return;
    }
    for (String key : new String[] {"path", "bucket"}) {
      if (replica.get(key) != null) {
        throw replica.get(key).error("contradicts `url`; a replica has one or the other");
      }
    }
    config.bucket = requireBucket(url, host.bucket);
    config.path = parsed.path;
    if (parsed.path.isEmpty() || parsed.path.equals(".")) {
      warnOfWholeBucket(url);
    }
  }

  private String requireBucket(Value value, String bucket) throws ConfigException {
    if (bucket.startsWith("arn:")) {
      if (!ACCESS_POINT.matcher(bucket).matches()) {
        throw value.error("is not the ARN of an access point and a path");
      }
      return bucket;
    }
    boolean isAddress = bucket.isEmpty() || parsed != null && parsed.host.matches("[0-9.]+:[0-9]*");
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
   * As it stands: Litestream takes slashes where nobody expects them for part of the keys, so that
   * the client has to look where a replica of its own is.
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

  private void readAddress(ReplicaConfig.Builder config) throws ConfigException {
    Value endpoint = settings.get("endpoint");
    String fromEnvironment = environment.get("LITESTREAM_S3_ENDPOINT");
    boolean isPathStyle = true;
    if (endpoint != null) {
      String text = endpoint.text();
      config.endpoint =
          settings.isParameter(endpoint) ? Endpoint.ofUrl(text) : Endpoint.ofKey(text);
      String problem = Endpoint.problem(config.endpoint);
      if (problem != null) {
        throw endpoint.error(problem);
      }
    } else if (host != null && host.endpoint != null) {
      config.endpoint = host.endpoint;
      isPathStyle = host.isPathStyle;
    } else if (fromEnvironment != null && !fromEnvironment.isEmpty()) {
      config.endpoint = Endpoint.ofUrl(fromEnvironment);
      String problem = Endpoint.problem(config.endpoint);
      if (problem != null) {
        throw settings.section().error("LITESTREAM_S3_ENDPOINT " + problem);
      }
    } else {
      isPathStyle = false;
    }
    if (config.endpoint != null) {
      config.endpoint = config.endpoint.replaceFirst("/$", "");
      isPathStyle |= Endpoint.needsPathStyle(config.endpoint);
    }
    config.forcePathStyle = settings.bool("force-path-style", isPathStyle);
    config.skipVerify = settings.bool("skip-verify", false);
    config.region = settings.text("region");
    if (config.region == null && host != null) {
      config.region = host.region;
    }
    if (config.region == null && config.endpoint != null) {
      config.region = DEFAULT_REGION;
    }
  }

  private void readCredentials(ReplicaConfig.Builder config) throws ConfigException {
    String id = settings.text("access-key-id");
    String secret = settings.text("secret-access-key");
    if ((id == null) != (secret == null)) {
      String missing = id == null ? "access-key-id" : "secret-access-key";
      settings
          .get(id == null ? "secret-access-key" : "access-key-id")
          .warn("is ignored without `" + missing + "`; the environment is asked for both");
    }
    if (id == null || secret == null) {
      id = fromEnvironment("ACCESS_KEY_ID");
      secret = fromEnvironment("SECRET_ACCESS_KEY");
      // Both from AWS_*: the client reads them itself, with the session token beside them.
      boolean isAws = isSet("AWS_ACCESS_KEY_ID") && isSet("AWS_SECRET_ACCESS_KEY");
      if (isAws || id == null || secret == null) {
        return;
      }
    }
    boolean isOfEnvironment =
        id.equals(environment.get("AWS_ACCESS_KEY_ID"))
            && secret.equals(environment.get("AWS_SECRET_ACCESS_KEY"));
    if (isOfEnvironment) {
      return; // the file repeats them; the session token that may belong to them is only there
    }
    config.accessKeyId = id;
    config.secretAccessKey = secret;
  }

  private String fromEnvironment(String name) {
    if (isSet("AWS_" + name)) {
      return environment.get("AWS_" + name);
    }
    return isSet("LITESTREAM_" + name) ? environment.get("LITESTREAM_" + name) : null;
  }

  private boolean isSet(String name) {
    String value = environment.get(name);
    return value != null && !value.isEmpty();
  }

  private void readUpload(ReplicaConfig.Builder config) throws ConfigException {
    config.storageClass = settings.text("storage-class");
    boolean isFragile = config.endpoint != null && Endpoint.needsFewParts(config.endpoint);
    Value partSize = settings.get("part-size");
    if (partSize != null) {
      config.partSizeBytes = partSize.nearestSize(MIN_PART_SIZE_BYTES, MAX_PART_SIZE_BYTES);
    }
    Value concurrency = settings.get("concurrency");
    if (concurrency != null) {
      config.concurrency = concurrency.integer(1, MAX_CONCURRENCY);
    } else if (isFragile) {
      config.concurrency = FRAGILE_CONCURRENCY;
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

  private void readEncryption(ReplicaConfig.Builder config) throws ConfigException {
    config.sseKmsKeyId = settings.text("sse-kms-key-id");
    readServerSideEncryption(config);
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
      return;
    }
    if (config.sseKmsKeyId != null || config.serverSideEncryption != null) {
      String other = config.sseKmsKeyId != null ? "sse-kms-key-id" : "server-side-encryption";
      throw key.error("contradicts `" + other + "`; objects are encrypted one way or the other");
    }
    String base64 = keyFile == null ? key.text() : readKey(keyFile);
    if (!isKey(base64)) {
      throw key.error("must hold 32 bytes in base64");
    }
    boolean isClear =
        config.endpoint != null
            && config.endpoint.startsWith("http://")
            && !Endpoint.isLocal(Endpoint.host(config.endpoint));
    if (isClear) {
      throw key.error("would be sent in the clear; use an https endpoint");
    }
    config.sseCustomerKey = base64;
  }

  private void readServerSideEncryption(ReplicaConfig.Builder config) throws ConfigException {
    Value value = settings.get("server-side-encryption");
    if (value == null) {
      return;
    }
    String algorithm = value.text();
    boolean isStoreManaged = algorithm.equals(STORE_MANAGED);
    if (!isStoreManaged && !algorithm.equals(KMS)) {
      throw value.error("must be " + STORE_MANAGED + " (keys of the store) or " + KMS);
    }
    if (isStoreManaged && config.sseKmsKeyId != null) {
      throw value.error("contradicts `sse-kms-key-id`; objects are encrypted one way or the other");
    }
    config.serverSideEncryption = algorithm;
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
