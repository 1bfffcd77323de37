package io.walsync.replica.s3;

import io.walsync.replica.ReplicaException;
import org.jspecify.annotations.Nullable;

/** An error of an S3 store, or on the way to it. */
public final class S3ReplicaException extends ReplicaException {

  private static final long serialVersionUID = 1L;

  /** No answer came. */
  public static final int NO_STATUS = 0;

  private static final int NOT_FOUND = 404;

  private final int status;
  private final @Nullable String code;
  private final long retryAfterMillis;
  private final @Nullable String region;
  private final boolean isOfStore;

  S3ReplicaException(
      String message,
      @Nullable Throwable cause,
      boolean isPermanent,
      int status,
      @Nullable String code,
      long retryAfterMillis,
      @Nullable String region) {
    this(message, cause, isPermanent, status, code, retryAfterMillis, region, true);
  }

  /**
   * @param isOfStore whether the answer is the store's, rather than a page of something in between
   */
  S3ReplicaException(
      String message,
      @Nullable Throwable cause,
      boolean isPermanent,
      int status,
      @Nullable String code,
      long retryAfterMillis,
      @Nullable String region,
      boolean isOfStore) {
    super(message, cause, isPermanent);
    this.status = status;
    this.code = code;
    this.retryAfterMillis = retryAfterMillis;
    this.region = region;
    this.isOfStore = isOfStore;
  }

  /** The HTTP status, or {@link #NO_STATUS}. */
  public int status() {
    return status;
  }

  @Override
  public boolean isNotFound() {
    return status == NOT_FOUND;
  }

  @Override
  public String outcome() {
    return status == NO_STATUS ? "failed" : String.valueOf(status);
  }

  /** The error code of S3, such as {@code SlowDown}, or null if there is none. */
  public @Nullable String code() {
    return code;
  }

  @Override
  public long retryAfterMillis() {
    return retryAfterMillis;
  }

  /** Whether the store says that there is no such object: not a proxy, nor no bucket or user. */
  boolean saysMissing() {
    return status == 404 && isOfStore && !hasCode("NoSuchBucket", "XAdminUserNotFound");
  }

  /** The region of the bucket if the store says it is another than ours, else null. */
  @Nullable String region() {
    return region;
  }

  boolean hasCode(String... codes) {
    for (String candidate : codes) {
      if (candidate.equals(code)) {
        return true;
      }
    }
    return false;
  }
}
