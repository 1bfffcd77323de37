package io.walsync.replica.s3;

import java.net.URI;
import java.util.Locale;

/** How a store is told to write only what is free: by S3's header, or by one of its own. */
enum S3Dialect {
  /** {@code If-None-Match: *}, and {@code If-Match} to replace. */
  S3("If-None-Match", "*", true),

  /** Aliyun OSS knows neither condition on PUT. */
  OSS("x-oss-forbid-overwrite", "true", false),

  /** Tencent COS knows neither condition on PUT. */
  COS("x-cos-forbid-overwrite", "true", false);

  private final String header;
  private final String value;
  private final boolean hasTags;

  S3Dialect(String header, String value, boolean hasTags) {
    this.header = header;
    this.value = value;
    this.hasTags = hasTags;
  }

  /** By the host of the endpoint. */
  static S3Dialect of(S3Settings settings) {
    URI endpoint = settings.endpoint();
    String host = endpoint == null ? null : endpoint.getHost();
    String name = host == null ? "" : host.toLowerCase(Locale.ROOT);
    if (name.endsWith(".aliyuncs.com")) {
      return OSS;
    }
    return name.endsWith(".myqcloud.com") ? COS : S3;
  }

  /** Adds the condition that the name is free. */
  void addIfFree(S3Call call) {
    call.header(header, value);
  }

  /** Whether an object can be replaced on condition that it still has its tag. */
  boolean hasTags() {
    return hasTags;
  }
}
