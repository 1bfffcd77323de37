/**
 * Restores a database from a replica: which files ({@link io.walsync.restore.RestorePlan}), how
 * they become pages (ranges fetched in parallel, newest file first, each page written once), and
 * how the result takes its place (temporary file, fsync, rename).
 *
 * <p>Reads replicas through {@link io.walsync.replica.ReplicaClient} only and never opens SQLite.
 * Runs in the command line's process and, before a database is first opened, in the host's; so it
 * starts few classes and no lambdas, and leaves existing database files unopened unless told to
 * replace them.
 *
 * <p>Newest first: a page is written from the first file that holds it, so one bit a page is all
 * that is remembered, whatever the size of the database. Files are still read completely, as only a
 * complete file can be proved.
 */
package io.walsync.restore;
