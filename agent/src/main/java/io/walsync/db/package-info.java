/**
 * One replicated database: {@link io.walsync.db.Db} composes capture, pins, checkpoints, staging
 * and upload, and owns their order. {@link io.walsync.db.DutyCycle} decides what is done when; the
 * other classes know how.
 *
 * <p>Everything of a database runs on one thread at a time, a capture thread that is lent to it for
 * a turn. The application's threads only leave notes ({@link io.walsync.db.Db}, {@link
 * io.walsync.db.application.Connections}), or wait there with a bound. Requests to the store run on
 * upload threads and leave their outcome to be collected.
 *
 * <p>Words, each with the one thing it means here:
 *
 * <dl>
 *   <dt>place
 *   <dd>a {@link io.walsync.wal.WalPosition}: how far the WAL has been copied. Without a place the
 *       whole database is compared.
 *   <dt>count
 *   <dd>SQLite's own count of what is committed, in the {@code -shm}. What lies in the WAL behind
 *       it is no commit yet.
 *   <dt>pin
 *   <dd>a read transaction of the agent's. While it stands nobody can restart the WAL.
 *   <dt>firm
 *   <dd>of a pin that a writer cannot pass: what is not copied yet is safe behind it.
 *   <dt>hold
 *   <dd>{@link io.walsync.db.capture.Hold}: what is open on a database while it is captured, which
 *       is the WAL, the place in it and, as a rule, a pin. To follow is to hold without a pin,
 *       across a connection that closes at once.
 *   <dt>rest
 *   <dd>{@link io.walsync.db.capture.Rest}: how an idle database was left, with nothing of ours
 *       open on it. Two system calls tell whether it is idle still.
 *   <dt>settled
 *   <dd>of a close: what the last connection left behind has been taken in.
 *   <dt>turn
 *   <dd>one run of {@link io.walsync.db.DutyCycle} on a capture thread. Nothing of a database
 *       happens between two turns.
 *   <dt>look
 *   <dd>a read that may find nothing new: at the WAL for commits, at the replica for files that
 *       have gone.
 *   <dt>segment
 *   <dd>commits copied out of the WAL into a file of the staging folder, without a TXID.
 *   <dt>staged
 *   <dd>in the staging folder and not in the store yet, as a segment or sealed.
 *   <dt>sealed
 *   <dd>an LTX file with its TXID, as it will be uploaded. It does not change any more.
 *   <dt>park
 *   <dd>to give back the staging folder, its lock and its descriptors, of a database that is closed
 *       and has everything in the store.
 *   <dt>drain
 *   <dd>to upload what there is at once, since the process ends.
 *   <dt>suspended
 *   <dd>cannot be captured now, and is tried again.
 *   <dt>refused
 *   <dd>must not be replicated until somebody has acted. Trying again would not help.
 *   <dt>fenced
 *   <dd>refused because somebody else writes the replica.
 *   <dt>behind
 *   <dd>of a database: an older state than the newest of its replica.
 * </dl>
 *
 * <p>May not: know weaving or the command line, read a configuration file, speak SQL other than
 * through {@link io.walsync.sqlite}, make a request to a store on a capture thread, write to the
 * user's database.
 */
package io.walsync.db;
