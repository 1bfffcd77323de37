/**
 * Reads the WAL beside the application's writers, proves that no commit is missing, and finds each
 * page's newest committed version. What is committed, SQLite says in the {@code -shm}.
 *
 * <p>Opens the {@code -wal} freely, the database file only through {@link
 * io.walsync.files.DatabaseFile} and the {@code -shm} only through {@link
 * io.walsync.db.tail.WalIndex}: to close any descriptor of these two would drop the application's
 * locks. May not: run SQL, write a file, reach the network, decide when something is read.
 */
package io.walsync.db.tail;
