package io.walsync.history.retention;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Nothing was done, and nothing is broken: somebody else is at it, or it would go too far. */
public final class RefusedException extends IOException {

  private static final long serialVersionUID = 1L;

  private final boolean isTooMuch;

  private RefusedException(String message, @Nullable Throwable cause, boolean isTooMuch) {
    super(message, cause);
    this.isTooMuch = isTooMuch;
  }

  RefusedException(String message) {
    this(message, null, false);
  }

  RefusedException(String message, Throwable cause) {
    this(message, cause, false);
  }

  /**
   * A replica is larger than the memory to plan with.
   *
   * @param most files that there may be
   */
  public static RefusedException tooMany(long count, int most) {
    return new RefusedException(
        "it has " + count + " files, and the heap of this process is enough to plan for " + most);
  }

  /** Nobody is in the way; it would go too far. */
  static RefusedException tooMuch(String message) {
    return new RefusedException(message, null, true);
  }

  /** Whether it would go too far, and may be forced. */
  public boolean isTooMuch() {
    return isTooMuch;
  }
}
