package io.walsync.db.local;

import io.walsync.db.staging.Position;
import io.walsync.db.staging.Staging;
import org.jspecify.annotations.Nullable;

/** What a staging folder held when it was parked. */
final class ParkedFolder {

  private final Position position;
  private final long stagedBytes;
  private final boolean hasSealed;

  private ParkedFolder(Position position, long stagedBytes, boolean hasSealed) {
    this.position = position;
    this.stagedBytes = stagedBytes;
    this.hasSealed = hasSealed;
  }

  /** Returns null if nothing was known of the replica. */
  static @Nullable ParkedFolder of(Staging staging) {
    Position position = staging.saved();
    return position == null
        ? null
        : new ParkedFolder(position, staging.stagedBytes(), !staging.sealed().isEmpty());
  }

  Position position() {
    return position;
  }

  /** Bytes that wait in the parked folder of a refused database. */
  long stagedBytes() {
    return stagedBytes;
  }

  boolean hasSealed() {
    return hasSealed;
  }

  /** Whether no other process has used the folder since. */
  boolean isAsLeft(Position now) {
    return position.sealedTxid() == now.sealedTxid()
        && position.uploadedTxid() == now.uploadedTxid()
        && position.segmentSeq() == now.segmentSeq();
  }
}
