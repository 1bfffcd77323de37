package io.walsync.replica.s3;

import io.walsync.replica.http.HttpOrigin;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** Which host and path stand for a bucket in one region. */
final class S3Address {

  private final HttpOrigin origin;
  private final String basePath;

  private S3Address(HttpOrigin origin, String basePath) {
    this.origin = origin;
    this.basePath = basePath;
  }

  HttpOrigin origin() {
    return origin;
  }

  /** The encoded path of an object, or of the bucket itself if {@code key} is null. */
  String path(@Nullable String key) {
    if (key == null) {
      return basePath.isEmpty() ? "/" : basePath;
    }
    return basePath + "/" + S3Keys.encodePath(key);
  }

  static S3Address of(S3Settings settings, String region) {
    if (settings.bucket().startsWith("arn:")) {
      return ofAccessPoint(settings.bucket());
    }
    String bucket = settings.bucket();
    if (settings.endpoint() != null) {
      return ofEndpoint(settings.endpoint(), bucket, settings.forcePathStyle());
    }
    HttpOrigin origin = https("s3." + region + "." + domain(region));
    // A bucket with a dot matches no wildcard certificate.
    boolean isPathStyle = settings.forcePathStyle() || bucket.indexOf('.') >= 0;
    return isPathStyle
        ? new S3Address(origin, "/" + S3Keys.encodePath(bucket))
        : new S3Address(origin.withHost(bucket + "." + origin.host()), "");
  }

  private static S3Address ofEndpoint(URI endpoint, String bucket, boolean isPathStyle) {
    HttpOrigin origin = HttpOrigin.of(endpoint);
    String rawPath = endpoint.getRawPath() == null ? "" : endpoint.getRawPath();
    String base = rawPath.endsWith("/") ? rawPath.substring(0, rawPath.length() - 1) : rawPath;
    return isPathStyle
        ? new S3Address(origin, base + "/" + S3Keys.encodePath(bucket))
        : new S3Address(origin.withHost(bucket + "." + origin.host()), base);
  }

  /** {@code arn:<partition>:s3:<region>:<account>:accesspoint/<name>}. */
  private static S3Address ofAccessPoint(String arn) {
    String[] parts = arn.split(":", 6);
    boolean isAccessPoint =
        parts.length == 6
            && parts[2].equals("s3")
            && (parts[5].startsWith("accesspoint/") || parts[5].startsWith("accesspoint:"));
    if (!isAccessPoint) {
      throw new IllegalArgumentException(
          "bucket " + arn + " is neither a name nor the ARN of an access point");
    }
    String name = parts[5].substring("accesspoint/".length());
    String host = name + "-" + parts[4] + ".s3-accesspoint." + parts[3] + "." + domain(parts[3]);
    return new S3Address(https(host), "");
  }

  /** The region in which requests start: an access point names its own. */
  static String firstRegion(S3Settings settings) {
    String[] parts = settings.bucket().split(":");
    return settings.bucket().startsWith("arn:") && parts.length > 3 ? parts[3] : settings.region();
  }

  /** The domain of AWS in a region's partition. Others than these need an endpoint. */
  static String domain(String region) {
    if (region.startsWith("cn-")) {
      return "amazonaws.com.cn";
    }
    return region.startsWith("eusc-") ? "amazonaws.eu" : "amazonaws.com";
  }

  private static HttpOrigin https(String host) {
    return HttpOrigin.of(URI.create("https://" + host));
  }
}
