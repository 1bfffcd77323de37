package io.walsync.db.application;

import io.walsync.sqlite.ResultCode;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * The database cannot be switched to WAL before a statement or a transaction of this process is
 * over, which may be at any moment.
 */
public final class SwitchHeldUpException extends SQLException {

  private static final long serialVersionUID = 1L;

  static final String NOT_SWITCHED =
      "it is in rollback-journal mode and could not be switched to WAL: ";

  SwitchHeldUpException() {
    super(NOT_SWITCHED + inUse("a statement or a transaction is not over"), null, ResultCode.BUSY);
  }

  /** Why it could not be switched, and by what that is known. */
  static String inUse(@Nullable String sign) {
    return "another connection is using it (" + sign + ")";
  }
}
