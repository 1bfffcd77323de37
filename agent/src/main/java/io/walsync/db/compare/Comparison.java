package io.walsync.db.compare;

import io.walsync.db.capture.Hold;
import io.walsync.db.events.DbEvents;
import io.walsync.db.events.Decision;
import io.walsync.db.local.LocalState;
import io.walsync.db.settings.DbSettings;
import io.walsync.db.staging.Captured;
import io.walsync.db.staging.Position;
import io.walsync.db.staging.Staging;
import io.walsync.db.tail.DatabaseImage;
import io.walsync.db.tail.WalChangedException;
import io.walsync.io.Clock;
import io.walsync.ltx.PageEncoding;
import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import java.io.IOException;

/**
 * Compares a whole database with what the replica has and stages the difference: the first
 * snapshot, or the pages that changed while nobody was looking.
 *
 * <p>Threading: one thread at a time, the database's.
 */
public final class Comparison {

  /**
   * Most scans. One starts over when somebody restarts the WAL meanwhile, which can happen once
   * under a pin.
   */
  private static final int MAX_SCANS = 5;

  private final DbEvents events;
  private final PageEncoding encoding;
  private final LocalState local;
  private final ComparisonPace pace;
  private final Clock clock;

  public Comparison(DbSettings settings, LocalState local, ComparisonPace pace) {
    this.events = settings.events();
    this.encoding = settings.config().pageEncoding();
    this.local = local;
    this.pace = pace;
    this.clock = settings.clock();
  }

  /**
   * Compares a database that is held. Afterwards the tail is at the commit that was staged.
   *
   * @throws ComparisonPostponedException if it is too soon after the last comparison
   */
  public void underPin(Hold hold) throws IOException {
    pace.begin();
    try {
      compare(hold);
    } finally {
      pace.end();
    }
  }

  private void compare(Hold hold) throws IOException {
    for (int scan = 1; ; scan++) {
      try {
        scanOnce(hold);
        return;
      } catch (WalChangedException e) {
        if (events.wantsDecisions()) {
          events.decided(Decision.COMPARISON, "scan " + scan + " is of no use: " + e.getMessage());
        }
        if (scan == MAX_SCANS) {
          throw e;
        }
      }
    }
  }

  private void scanOnce(Hold hold) throws IOException {
    try (MovingScan scan = new MovingScan(hold, local.staging(), encoding, clock)) {
      stage(scan.image());
      local.notePlace(scan.image().end(), hold.file().key().toString());
      scan.stageCommitted(local.staging().nextTimestampMillis());
    }
  }

  private void stage(DatabaseImage image) throws IOException {
    ImageWriter writer = new ImageWriter(image, local.staging(), encoding);
    Position position = local.position();
    long now = local.staging().nextTimestampMillis();
    if (position.pageSize() == image.pageSize()) {
      stageDifference(image, writer, now);
    } else {
      stageSnapshot(image, writer, now);
    }
  }

  private void stageSnapshot(DatabaseImage image, ImageWriter writer, long now) throws IOException {
    Staging staging = local.staging();
    if (events.wantsDecisions()) {
      events.decided(
          Decision.SNAPSHOT,
          image.commit() + " pages; the replica holds nothing to go on from, or another page size");
    }
    staging.seal(
        LtxFileInfo.LEVEL_SNAPSHOT,
        (target, txid) ->
            new Captured(
                writer.writeSnapshot(target, txid, now),
                staging.position().captured(image.pageSize(), image.commit(), now)));
  }

  private void stageDifference(DatabaseImage image, ImageWriter writer, long now)
      throws IOException {
    Staging staging = local.staging();
    Position position = local.position();
    long seq = position.segmentSeq() + 1;
    int pageCount =
        writer.writeDifference(
            staging.segments().fileOf(seq), Txid.of(seq), now, position.commit());
    if (events.wantsDecisions()) {
      events.decided(
          Decision.COMPARISON,
          Math.max(0, pageCount) + " of " + image.commit() + " pages are not as in the replica");
    }
    if (pageCount < 0) {
      return;
    }
    staging.addSegment(seq, position.captured(image.pageSize(), image.commit(), now));
    events.differenceStaged(pageCount, image.commit());
  }
}
