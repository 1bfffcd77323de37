package io.walsync.config;

import io.walsync.replica.s3.S3Settings;
import java.io.File;
import java.util.Objects;

/** Where one database's files go. {@link #toString} and {@link #url} never show a secret. */
public abstract class ReplicaConfig {

  private ReplicaConfig() {}

  static ReplicaConfig folder(File absolute) {
    return new Folder(absolute);
  }

  static ReplicaConfig s3(S3Settings settings) {
    return new Bucket(settings);
  }

  public abstract ReplicaType type();

  /**
   * For FILE the absolute directory. For S3 the key prefix, to which {@code /0000/…} is appended;
   * empty for a whole bucket.
   */
  public abstract String path();

  /**
   * The settings of S3.
   *
   * @throws IllegalStateException for FILE
   */
  public abstract S3Settings s3();

  /** {@code s3://bucket/path} or {@code file:///path}, for messages. */
  public abstract String url();

  /**
   * The replica whose path has {@code relative} appended.
   *
   * @param relative with {@code /} between names; empty for this one
   * @throws IllegalArgumentException if it cannot be part of a key
   */
  final ReplicaConfig below(String relative) {
    return relative.isEmpty() ? this : appended(relative);
  }

  abstract ReplicaConfig appended(String relative);

  /** Whether both write to the same store, whatever the path in it. */
  final boolean isSameStore(ReplicaConfig other) {
    if (type() != ReplicaType.S3 || other.type() != ReplicaType.S3) {
      return type() == other.type();
    }
    return s3().bucket().equals(other.s3().bucket())
        && Objects.equals(s3().endpoint(), other.s3().endpoint());
  }

  private static final class Folder extends ReplicaConfig {

    private final File folder;

    Folder(File folder) {
      this.folder = folder;
    }

    @Override
    public ReplicaType type() {
      return ReplicaType.FILE;
    }

    @Override
    public String path() {
      return folder.getPath();
    }

    @Override
    public S3Settings s3() {
      throw new IllegalStateException(url() + " is no bucket");
    }

    @Override
    public String url() {
      String path = folder.getPath().replace(File.separatorChar, '/');
      return (path.startsWith("/") ? "file://" : "file:///") + path;
    }

    @Override
    ReplicaConfig appended(String relative) {
      return new Folder(new File(folder, relative));
    }

    @Override
    public String toString() {
      return url();
    }
  }

  private static final class Bucket extends ReplicaConfig {

    private final S3Settings s3;

    Bucket(S3Settings s3) {
      this.s3 = s3;
    }

    @Override
    public ReplicaType type() {
      return ReplicaType.S3;
    }

    @Override
    public String path() {
      return s3.path();
    }

    @Override
    public S3Settings s3() {
      return s3;
    }

    @Override
    public String url() {
      return "s3://" + s3.bucket() + "/" + s3.path();
    }

    /** As Litestream: without empty names, but for one at the beginning. */
    @Override
    ReplicaConfig appended(String relative) {
      String path = s3.path();
      String joined = path.isEmpty() ? relative : (path + "/" + relative).replaceAll("/+", "/");
      return new Bucket(s3.withPath(joined));
    }

    @Override
    public String toString() {
      return url()
          + (s3.endpoint() == null ? "" : " endpoint=" + s3.endpoint())
          + " region="
          + s3.region()
          + (s3.hasStaticKeys() ? " credentials=given" : "");
    }
  }
}
