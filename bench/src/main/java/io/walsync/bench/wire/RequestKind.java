package io.walsync.bench.wire;

/** The classes of requests that S3's price list knows. */
public enum RequestKind {
  /** PUT, POST of uploads in parts, COPY. */
  PUT,
  LIST,
  /** GET and HEAD. */
  GET,
  /** Free. */
  DELETE
}
