/**
 * Compares a whole database page by page with what the replica has: for the first snapshot, and
 * after commits may have been missed. Only pages that differ are staged.
 *
 * <p>A scan of a database in use moves its pin along ({@link io.walsync.db.compare.MovingScan}), so
 * that no checkpoint waits for it, and is put off where it would be in the way ({@link
 * io.walsync.db.compare.ComparisonPace}).
 *
 * <p>May not: decide whether the database is the one the replica is of, which {@code db.lineage}
 * has done before; reach the network.
 */
package io.walsync.db.compare;
