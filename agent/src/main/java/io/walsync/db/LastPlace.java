package io.walsync.db;

import io.walsync.db.capture.Hold;
import io.walsync.db.local.LocalState;
import io.walsync.db.tail.WalPlace;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The place in the WAL where the last hold of this process ended. As long as the wal-index lives
 * on, the next hold goes on there, and nothing has to be compared.
 *
 * <p>Threading: one thread at a time, the database's.
 */
final class LastPlace {

  private final LocalState local;

  /** Null if it is not known. */
  private @Nullable WalPlace place;

  LastPlace(LocalState local) {
    this.local = local;
  }

  /** Notes where a hold ends. */
  void remember(Hold ending) {
    place = ending.tail().place();
  }

  void forget() {
    place = null;
  }

  /**
   * Sets the tail of a hold to that place, or to the saved position; false if neither is proved.
   */
  boolean isContinuedBy(Hold hold) throws IOException {
    WalPlace left = place;
    boolean isAtPlace =
        left != null
            && local.position().pageSize() == hold.pageSize()
            && left.isAt(local.position().wal())
            && local.position().walDatabase().equals(hold.file().key().toString());
    return isAtPlace && hold.tail().startAt(left) || local.isContinuedBy(hold);
  }
}
