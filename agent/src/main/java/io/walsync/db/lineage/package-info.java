/**
 * Decides whether the database at the path continues its replica: it is the replica's newest state,
 * perhaps with later commits; or an older state; or another database. A wrong answer loses commits.
 * So the answer rests on what the database was before this process committed anything ({@link
 * io.walsync.db.lineage.Baseline}), on the checksum of the database after each TXID, and on the
 * frames of the WAL that a TXID was made of ({@link io.walsync.db.lineage.History}).
 *
 * <p>{@link io.walsync.db.lineage.Rebuild} reads from the replica what the local folder does not
 * have. A refused database stays refused until somebody acts.
 *
 * <p>May not: write to the replica or the database, hold a pin, decide when any of this is asked.
 */
package io.walsync.db.lineage;
