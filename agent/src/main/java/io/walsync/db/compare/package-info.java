/**
 * The whole database against what the replica has of it, page by page: the first snapshot, and
 * whatever catches up with a database that changed while nobody looked. Only pages that differ are
 * staged.
 *
 * <p>A scan of a database in use moves its pin along ({@link io.walsync.db.compare.MovingScan}), so
 * that no checkpoint of anybody's waits for it, and is put off where it would be in the way ({@link
 * io.walsync.db.compare.ComparisonPace}).
 *
 * <p>May not: decide whether the database is the one the replica is of, which {@code db.lineage}
 * has done before; reach the network.
 */
package io.walsync.db.compare;
