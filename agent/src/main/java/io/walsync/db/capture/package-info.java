/**
 * A database that is held: its WAL, the place in it and, as a rule, a pin, and the commits that are
 * copied from it into the staging folder. Also how an idle database is left ({@link
 * io.walsync.db.capture.Rest}), and how one is followed whose only connection lets nobody in
 * ({@link io.walsync.db.capture.SoleConnection}).
 *
 * <p>It composes {@code db.tail}, which reads the WAL, {@code db.checkpoint}, which holds the pins,
 * and {@code db.staging}, which keeps what is copied.
 *
 * <p>May not: decide when it is done, which is {@code db}'s; compare whole databases; reach the
 * network.
 */
package io.walsync.db.capture;
