package io.walsync.db;

import io.walsync.capture.DatabaseImage;
import io.walsync.ltx.PageEncoding;
import io.walsync.ltx.Txid;
import java.io.IOException;

/**
 * Whether a database can be what became of the database in its replica. Asked where this machine
 * has no state that says so: at a first start with a replica that somebody has written before.
 *
 * <p>SQLite gives a database no identity that another database cannot have, so its pages decide. At
 * least a tenth of the replica's pages must be found unchanged in their places: a database that was
 * restored, moved, or went on for a while without the agent has that many unless nearly all of it
 * was rewritten, another database those of its schema at most. Pages without content count for
 * neither side, since every new table begins with one.
 */
final class Lineage {

  /** B-tree pages of these types without a cell hold nothing. */
  private static final int INDEX_LEAF = 10;

  private static final int TABLE_LEAF = 13;

  private static final int CELL_COUNT_OFFSET = 3;

  /** The first page begins with the header of the database. */
  private static final int FIRST_PAGE_OFFSET = 100;

  /** One page in so many must be the replica's. */
  private static final long LEAST_SHARE = 10;

  private final DbSettings settings;
  private final LocalState local;
  private int sameCount;
  private int emptyCount;
  private int otherCount;
  private int olderCount;

  Lineage(DbSettings settings, LocalState local) {
    this.settings = settings;
    this.local = local;
  }

  /**
   * @throws RefusedDatabaseException if the replica is not to be continued with this database
   */
  void check(DatabaseImage image, PageEncoding encoding) throws IOException {
    if (image.pageSize() == local.position().pageSize) {
      count(image, encoding);
    }
    if (olderCount > 0) {
      throw new RefusedDatabaseException(behind());
    }
    int replicaCount = local.position().commit - emptyCount;
    if (!local.isRelated() && sameCount * LEAST_SHARE < replicaCount) {
      throw new RefusedDatabaseException(unrelated(replicaCount));
    }
  }

  private void count(DatabaseImage image, PageEncoding encoding) throws IOException {
    ChecksumSet superseded = local.superseded();
    ImageWriter.Difference counting =
        new ImageWriter.Difference() {
          @Override
          public void found(int pgno, byte[] page, long checksum) {
            otherCount++;
            if (superseded.contains(checksum)) {
              olderCount++;
            }
          }

          @Override
          public void same(int pgno, byte[] page) {
            if (isEmpty(pgno, page)) {
              emptyCount++;
            } else {
              sameCount++;
            }
          }
        };
    new ImageWriter(image, local.staging(), encoding)
        .compare(local.staging().checksums(), counting);
  }

  private static boolean isEmpty(int pgno, byte[] page) {
    int at = pgno == 1 ? FIRST_PAGE_OFFSET : 0;
    boolean isLeaf = page[at] == INDEX_LEAF || page[at] == TABLE_LEAF || page[at] == 0;
    return isLeaf && page[at + CELL_COUNT_OFFSET] == 0 && page[at + CELL_COUNT_OFFSET + 1] == 0;
  }

  private String behind() {
    return "the database is behind its replica: "
        + olderCount
        + " of the "
        + otherCount
        + " pages that differ are older versions that "
        + settings.replicaUrl()
        + " has since replaced (newest there: TXID "
        + Txid.of(local.position().uploadedTxid)
        + "). Neither was touched. To go back to the replica's state, restore it; to keep the"
        + " older database, configure another replica path";
  }

  private String unrelated(int replicaCount) {
    return settings.replicaUrl()
        + " holds another database: of its "
        + replicaCount
        + " pages "
        + sameCount
        + " are in this one, and nothing on this machine says that this database was ever replicated"
        + " there. Neither was touched. If the application began with an empty database because"
        + " nothing was restored, restore it; to replicate this database, configure another replica"
        + " path";
  }
}
