/**
 * Whether the database that stands here is the one its replica is of, and which state of it: the
 * newest and what became of it, an older one, or another database. A wrong answer loses commits, so
 * each rests on what was noted before this process committed anything ({@link
 * io.walsync.db.lineage.Baseline}), on the checksum of the database after each TXID, and on which
 * frames of the WAL a TXID was made of ({@link io.walsync.db.lineage.History}).
 *
 * <p>{@link io.walsync.db.lineage.Rebuild} reads from the replica what the local folder does not
 * say. What is refused stays refused until somebody acts.
 *
 * <p>May not: write to the replica or the database, hold a pin, decide when any of this is asked.
 */
package io.walsync.db.lineage;
