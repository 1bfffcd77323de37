package io.walsync.db.upload;

import io.walsync.replica.Owner;
import java.io.IOException;

/** Another process owns the replica: what was uploaded since may not be part of it. */
final class TakenOverException extends IOException {

  private static final long serialVersionUID = 1L;

  private final boolean isOwnerGone;

  TakenOverException(String url, Owner owner) {
    super(
        owner.equals(Owner.NOBODY)
            ? "the object that says who owns "
                + url
                + " (walsync/owner.json) was there and is gone or unreadable"
            : url
                + " was taken over by "
                + owner.describe()
                + "; we are "
                + ThisProcess.describe());
    isOwnerGone = owner.equals(Owner.NOBODY);
  }

  /** Whether nobody is known to own it: what said so was deleted. */
  boolean isOwnerGone() {
    return isOwnerGone;
  }
}
