package io.walsync.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The bucket, region and endpoint that the host of an {@code s3://} URL names, by Litestream's
 * rules.
 */
final class S3Host {

  private static final String DEFAULT_REGION = "us-east-1";

  private static final Pattern AWS = Pattern.compile("(.+)\\.s3(?:\\.([^.]+))?\\.amazonaws\\.com");
  private static final Pattern DIGITAL_OCEAN =
      Pattern.compile("(.+)\\.([^.]+)\\.digitaloceanspaces\\.com");
  private static final Pattern BACKBLAZE =
      Pattern.compile("(.+)\\.s3\\.([^.]+)\\.backblazeb2\\.com");
  private static final Pattern FILEBASE = Pattern.compile("(.+)\\.s3\\.filebase\\.com");
  private static final Pattern SCALEWAY = Pattern.compile("(.+)\\.s3\\.([^.]+)\\.scw\\.cloud");

  /** What no host says. */
  static final S3Host NONE = new S3Host("", null, null, true);

  /** Empty if the host names none. */
  final String bucket;

  /** Null if the host says nothing. */
  final @Nullable String region;

  /** Null if the host says nothing. */
  final @Nullable String endpoint;

  final boolean isPathStyle;

  private S3Host(
      String bucket, @Nullable String region, @Nullable String endpoint, boolean isPathStyle) {
    this.bucket = bucket;
    this.region = region;
    this.endpoint = endpoint;
    this.isPathStyle = isPathStyle;
  }

  static S3Host parse(String host) {
    if (host.startsWith("arn:")) {
      String[] parts = host.split(":", 6);
      String region = parts.length > 3 && !parts[3].isEmpty() ? parts[3] : null;
      return new S3Host(host, region, null, false);
    }
    if (host.indexOf(':') >= 0 && !host.contains(".com")) {
      int dot = host.indexOf('.');
      // Without a dot it is only an address, and the bucket has to be named elsewhere.
      return dot < 0
          ? new S3Host("", null, "http://" + host, true)
          : new S3Host(
              host.substring(0, dot), DEFAULT_REGION, "http://" + host.substring(dot + 1), true);
    }
    Matcher aws = AWS.matcher(host);
    if (aws.matches()) {
      return new S3Host(aws.group(1), aws.group(2), null, false);
    }
    Matcher spaces = DIGITAL_OCEAN.matcher(host);
    if (spaces.matches()) {
      String region = spaces.group(2);
      return new S3Host(
          spaces.group(1), region, "https://" + region + ".digitaloceanspaces.com", false);
    }
    Matcher b2 = BACKBLAZE.matcher(host);
    if (b2.matches()) {
      String region = b2.group(2);
      return new S3Host(b2.group(1), region, "https://s3." + region + ".backblazeb2.com", true);
    }
    Matcher filebase = FILEBASE.matcher(host);
    if (filebase.matches()) {
      return new S3Host(filebase.group(1), null, "https://s3.filebase.com", true);
    }
    Matcher scaleway = SCALEWAY.matcher(host);
    if (scaleway.matches()) {
      String region = scaleway.group(2);
      return new S3Host(scaleway.group(1), region, "https://s3." + region + ".scw.cloud", false);
    }
    return new S3Host(host, null, null, false);
  }
}
