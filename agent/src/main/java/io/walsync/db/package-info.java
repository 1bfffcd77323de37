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
 *   <dt>position
 *   <dd>a {@link io.walsync.db.staging.Position}: how far the database has been captured, sealed
 *       and uploaded, as the staging folder says.
 *   <dt>place
 *   <dd>a {@link io.walsync.wal.WalPosition}: how far the WAL has been copied. Without a place the
 *       whole database is compared.
 *   <dt>count
 *   <dd>SQLite's own count of what is committed, in the {@code -shm}. What lies in the WAL behind
 *       it is no commit yet.
 *   <dt>pin
 *   <dd>a read transaction of the agent. SQLite calls where it reads the read mark.
 *   <dt>firm
 *   <dd>of a pin whose read mark is not 0: nobody can restart the WAL. Beside a pin at mark 0 the
 *       WAL can restart once.
 *   <dt>hold
 *   <dd>{@link io.walsync.db.capture.Hold}: what is open on a database while it is captured, which
 *       is the WAL, the place in it and, as a rule, a pin. Taken and released. To follow is to hold
 *       without a pin, across a connection that closes at once.
 *   <dt>rest
 *   <dd>{@link io.walsync.db.capture.Rest}: how an idle database was left, with no connection of
 *       the agent open. Two system calls tell whether it is still idle.
 *   <dt>sole connection
 *   <dd>one that keeps the database to itself ({@code locking_mode=EXCLUSIVE}), so that there is no
 *       pin: {@link io.walsync.db.capture.SoleConnection}.
 *   <dt>settled
 *   <dd>of a last close: all commits it left behind are staged.
 *   <dt>turn
 *   <dd>one run of {@link io.walsync.db.DutyCycle} on a capture thread. Nothing of a database
 *       happens between two turns.
 *   <dt>look
 *   <dd>a read that may find nothing new: at the WAL for commits, at the replica for files that
 *       have gone.
 *   <dt>compare
 *   <dd>to read the whole database, because commits may have been missed, and stage the pages that
 *       differ from the replica's.
 *   <dt>segment
 *   <dd>commits copied out of the WAL into a file of the staging folder, without a TXID.
 *   <dt>staged
 *   <dd>in the staging folder and not in the store yet, as a segment or sealed.
 *   <dt>sealed
 *   <dd>an LTX file with its TXID, as it will be uploaded. It does not change any more.
 *   <dt>park
 *   <dd>to close the staging folder and release its lock, while the database is closed and the
 *       store has everything.
 *   <dt>forget
 *   <dd>of a database: to drop its {@link io.walsync.db.Db}, since the file is deleted. Of a place
 *       or a folder: to delete what it says, since it may not be true.
 *   <dt>leave
 *   <dd>to end replication in a process that goes on, as {@code detach} asks.
 *   <dt>let go
 *   <dd>to release a hold because the application closes the database or needs it for itself.
 *   <dt>give back
 *   <dd>to leave a setting of the application's to it again, such as {@code wal_autocheckpoint}.
 *   <dt>drain
 *   <dd>to upload what is staged without waiting for the sync interval, since the process ends.
 *   <dt>suspended
 *   <dd>cannot be captured now, and is tried again.
 *   <dt>refused
 *   <dd>must not be replicated until somebody has acted and the application was started anew.
 *   <dt>fenced
 *   <dd>refused because somebody else writes the replica.
 *   <dt>behind
 *   <dd>of a database: an older state than the newest of its replica.
 *   <dt>store, replica
 *   <dd>the store is the bucket or directory, as a service that answers; the replica is the files
 *       of one database in it.
 * </dl>
 *
 * <p>May not: know weaving or the command line, read a configuration file, speak SQL other than
 * through {@link io.walsync.sqlite}, make a request to a store on a capture thread, write to a
 * table of the user's database.
 */
package io.walsync.db;
