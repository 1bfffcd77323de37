/**
 * From the WAL to pages: reading the WAL behind the host's writers, proving that nothing is
 * missing, and finding each page's newest committed version. What is committed is SQLite's to say,
 * in the {@code -shm}.
 *
 * <p>Opens the {@code -wal} freely, the database file only through {@link
 * io.walsync.files.DatabaseFile} and the {@code -shm} only through {@link
 * io.walsync.db.tail.WalIndex}: to close any descriptor of these two would drop the application's
 * locks. May not: run SQL, write a file, reach the network, decide when something is read.
 */
package io.walsync.db.tail;
