package io.walsync.restore;

/** The output must not be written: it exists, has companions of an older database, or is open. */
public class TargetRefusedException extends RestoreException {

  private static final long serialVersionUID = 1L;

  private final boolean isReplaceable;

  TargetRefusedException(String message, boolean isReplaceable) {
    super(message);
    this.isReplaceable = isReplaceable;
  }

  /** Whether a restore with {@link RestoreOptions#withForce} would go on. */
  public boolean isReplaceable() {
    return isReplaceable;
  }
}
