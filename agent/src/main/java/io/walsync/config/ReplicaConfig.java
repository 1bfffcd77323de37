package io.walsync.config;

import io.walsync.replica.s3.S3Settings;
import java.io.File;
import java.util.Objects;

/** Where one database's files go. {@link #toString} and {@link #url} never show a secret. */
public final class ReplicaConfig {

  private final File folder;
  private final S3Settings s3;

  private ReplicaConfig(File folder, S3Settings s3) {
    this.folder = folder;
    this.s3 = s3;
  }

  static ReplicaConfig folder(File absolute) {
    return new ReplicaConfig(absolute, null);
  }

  static ReplicaConfig s3(S3Settings settings) {
    return new ReplicaConfig(null, settings);
  }

  public ReplicaType type() {
    return s3 == null ? ReplicaType.FILE : ReplicaType.S3;
  }

  /**
   * For FILE the absolute directory. For S3 the key prefix, to which {@code /0000/…} is appended;
   * empty for a whole bucket.
   */
  public String path() {
    return s3 == null ? folder.getPath() : s3.path();
  }

  /** Null for FILE. */
  public S3Settings s3() {
    return s3;
  }

  /** {@code s3://bucket/path} or {@code file:///path}, for messages. */
  public String url() {
    if (s3 == null) {
      String path = folder.getPath().replace(File.separatorChar, '/');
      return (path.startsWith("/") ? "file://" : "file:///") + path;
    }
    return "s3://" + s3.bucket() + "/" + s3.path();
  }

  /**
   * The replica whose path has {@code relative} appended.
   *
   * @param relative with {@code /} between names; empty for this one
   * @throws IllegalArgumentException if it cannot be part of a key
   */
  ReplicaConfig below(String relative) {
    if (relative.isEmpty()) {
      return this;
    }
    return s3 == null
        ? folder(new File(folder, relative))
        : s3(s3.withPath(joined(s3.path(), relative)));
  }

  /** As Litestream: without empty names, but for one at the beginning. */
  private static String joined(String path, String relative) {
    return path.isEmpty() ? relative : (path + "/" + relative).replaceAll("/+", "/");
  }

  /** Whether both write to the same store, whatever the path in it. */
  boolean isSameStore(ReplicaConfig other) {
    if (s3 == null || other.s3 == null) {
      return s3 == null && other.s3 == null;
    }
    return s3.bucket().equals(other.s3.bucket())
        && Objects.equals(s3.endpoint(), other.s3.endpoint());
  }

  @Override
  public String toString() {
    if (s3 == null) {
      return url();
    }
    return url()
        + (s3.endpoint() == null ? "" : " endpoint=" + s3.endpoint())
        + " region="
        + s3.region()
        + (s3.hasStaticKeys() ? " credentials=given" : "");
  }
}
