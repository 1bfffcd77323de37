package io.walsync.db.history;

import io.walsync.replica.KnownFiles;
import io.walsync.replica.LtxFileInfo;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the replica holds of this database's history: the files that are known, without those that
 * another history has left.
 *
 * <p>Threading: safe.
 */
final class Holdings {

  /** Leaves out what is of another history. */
  interface Sieve {
    /**
     * @param files all that the replica holds; null to list it
     */
    List<LtxFileInfo> sift(@Nullable List<LtxFileInfo> files) throws IOException;
  }

  private final KnownFiles known;

  /** The database's own listing, as long as it is under way. */
  private KnownFiles.@Nullable Listing inventory;

  /** Whether what is known holds nothing of another history, and the times of merged files. */
  private volatile boolean isSifted;

  Holdings(KnownFiles known) {
    this.known = known;
  }

  /** The database is about to list the replica; merges may be stored meanwhile. */
  synchronized void listing() {
    KnownFiles.Listing before = inventory;
    if (before != null) {
      known.failed(before);
    }
    inventory = known.listing();
  }

  /**
   * The database has listed the replica.
   *
   * @param files all that it holds
   */
  synchronized void listed(List<LtxFileInfo> files) {
    KnownFiles.Listing begun = inventory == null ? known.listing() : inventory;
    inventory = null;
    isSifted = false;
    known.listed(begun, files);
  }

  /** The files, from the store only if they are not known. */
  List<LtxFileInfo> files(Sieve sieve) throws IOException {
    List<LtxFileInfo> sifted = known.files();
    if (sifted != null && isSifted) {
      return sifted;
    }
    isSifted = true;
    KnownFiles.Listing listing = known.listing();
    boolean isDone = false;
    try {
      // Asked again: what was stored since the first answer would be forgotten.
      List<LtxFileInfo> files = sieve.sift(known.files());
      known.listed(listing, files);
      isDone = true;
      return files;
    } finally {
      if (!isDone) {
        isSifted = false;
        known.failed(listing);
      }
    }
  }
}
