/**
 * From the WAL to pages: reading the WAL behind the host's writers, proving that nothing is
 * missing, and finding each page's newest committed version. Opens the {@code -wal} freely and the
 * database file only through {@link io.walsync.capture.DatabaseFile}; never the {@code -shm}. No
 * SQL, no network.
 */
package io.walsync.capture;
