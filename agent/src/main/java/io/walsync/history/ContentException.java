package io.walsync.history;

import io.walsync.ltx.Txid;
import io.walsync.restore.RestoreException;
import io.walsync.restore.RestoreResult;

/**
 * Every file is intact, but together they make another database than the one that was committed.
 */
public final class ContentException extends RestoreException {

  private static final long serialVersionUID = 1L;

  ContentException(RestoreResult result, long recorded) {
    this(result.txid(), result.checksum(), recorded);
  }

  ContentException(Txid txid, long checksum, long recorded) {
    super(
        "the database at TXID "
            + txid
            + " has checksum "
            + Long.toHexString(checksum)
            + ", and had "
            + Long.toHexString(recorded)
            + " as it was committed: a file of it was replaced by one of another history",
        null);
  }
}
