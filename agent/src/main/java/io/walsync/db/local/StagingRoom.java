package io.walsync.db.local;

import io.walsync.db.events.DbEvents;
import io.walsync.db.events.Decision;
import io.walsync.db.settings.DbSettings;
import java.io.IOException;

/**
 * Decides whether the staging folder has room for a restart of the WAL, whose content has to be
 * staged first. Without room the WAL has to grow instead.
 *
 * <p>Threading: one thread at a time, the database's.
 */
public final class StagingRoom {

  /**
   * Bytes that each database may stage however much the others have staged: their store may be
   * another one.
   */
  private static final long GRANTED_BYTES = 16L << 20;

  private final DbSettings settings;
  private final LocalState local;
  private final DbEvents events;
  private boolean isFull;

  public StagingRoom(DbSettings settings, LocalState local, DbEvents events) {
    this.settings = settings;
    this.local = local;
    this.events = events;
  }

  /**
   * Whether there is room. Merges segments first if that makes room, and reports when the answer
   * changes.
   */
  public boolean isThere() throws IOException {
    long bound = settings.config().stagingMaxBytes();
    long staged = local.staging().stagedBytes();
    if (staged >= bound) {
      local.sealer().compactTo(1);
      if (events.wantsDecisions()) {
        events.decided(
            Decision.SEGMENTS_MERGED, staged + " bytes were staged, " + bound + " may be");
      }
      staged = local.staging().stagedBytes();
    }
    boolean hasTotalRoom = settings.stagingTotal().hasRoom(settings.path(), staged);
    boolean hasRoom = staged < bound && (hasTotalRoom || staged < GRANTED_BYTES);
    if (hasRoom && isFull) {
      events.stagingHasRoom(local.staging().folder());
    } else if (!hasRoom && !isFull) {
      boolean isTotal = staged < bound;
      events.stagingFull(
          local.staging().folder(),
          isTotal ? settings.stagingTotal().boundBytes() : bound,
          isTotal,
          local.uploadedTxid());
    }
    if (!hasRoom && events.wantsDecisions()) {
      events.decided(
          Decision.CHECKPOINT_SKIPPED,
          "the WAL may not restart: "
              + staged
              + " bytes are staged, and there is room for no more");
    }
    isFull = !hasRoom;
    return hasRoom;
  }
}
