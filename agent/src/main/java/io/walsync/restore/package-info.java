/**
 * Restores a database from a replica: which files ({@link io.walsync.restore.RestorePlan}), how
 * they become pages (ranges fetched in parallel, newest file first, each page written once), and
 * how the result takes its place (temporary file, fsync, rename).
 *
 * <p>Reads replicas through {@link io.walsync.replica.ReplicaClient} only and never opens SQLite.
 * Restores run in the command line's process. In the host's process the agent uses only what the
 * files of a replica make up ({@link io.walsync.restore.RestorePlan}) and the note of an earlier
 * restore ({@link io.walsync.restore.RestoredState}). An existing database file is left unopened
 * unless it is to be replaced.
 *
 * <p>Newest file first: a page is written from the first file that holds it, so only one bit a page
 * is kept in memory. Files are still read completely, as only a complete file can be proved.
 */
package io.walsync.restore;
