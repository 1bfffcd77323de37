/**
 * The hold on a database (its WAL, a place in it and, as a rule, a pin), and the copying of commits
 * from the WAL into the staging folder. Also how an idle database is left ({@link
 * io.walsync.db.capture.Rest}), and the connection that keeps a database to itself ({@link
 * io.walsync.db.capture.SoleConnection}).
 *
 * <p>It composes {@code db.tail}, which reads the WAL, {@code db.checkpoint}, which holds the pins,
 * and {@code db.staging}, which keeps what is copied.
 *
 * <p>May not: decide when any of this is done, which {@code db} does; compare whole databases;
 * reach the network.
 */
package io.walsync.db.capture;
