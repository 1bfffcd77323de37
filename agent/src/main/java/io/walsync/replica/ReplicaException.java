package io.walsync.replica;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A replica could not be read or written; the message names the verb, the object or path and the
 * cause.
 */
public class ReplicaException extends IOException {

  private static final long serialVersionUID = 1L;

  /** The store did not say when to come back. */
  public static final long NO_RETRY_AFTER = -1;

  private final boolean isPermanent;

  public ReplicaException(String message, @Nullable Throwable cause, boolean isPermanent) {
    super(message, cause);
    this.isPermanent = isPermanent;
  }

  public ReplicaException(String message, boolean isPermanent) {
    this(message, null, isPermanent);
  }

  /**
   * Whether trying again without a change of configuration is pointless (no such bucket, no
   * permission, bad key).
   */
  public boolean isPermanent() {
    return isPermanent;
  }

  /** Whether something was not there that the request needed: a file, a folder, a bucket. */
  public boolean isNotFound() {
    return false;
  }

  /** As a word or a number for those who count: an HTTP status if the store has sent one. */
  public String outcome() {
    return isNotFound() ? "missing" : "failed";
  }

  /** How long the store asks us to wait, 0 to one hour, or {@link #NO_RETRY_AFTER}. */
  public long retryAfterMillis() {
    return NO_RETRY_AFTER;
  }
}
