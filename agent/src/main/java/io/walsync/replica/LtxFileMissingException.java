package io.walsync.replica;

import org.jspecify.annotations.Nullable;

/** The replica has no file of that level and TXID range. */
public final class LtxFileMissingException extends ReplicaException {

  private static final long serialVersionUID = 1L;

  public LtxFileMissingException(String message, @Nullable Throwable cause) {
    super(message, cause, true);
  }

  @Override
  public boolean isNotFound() {
    return true;
  }
}
