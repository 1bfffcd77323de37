/**
 * What the application has open of one database, and what it asks for: its connections, the copy of
 * SQLite they came through, the journal and locking mode they want, their autocheckpoint.
 *
 * <p>{@link io.walsync.db.application.Connections} is met by the application's threads and has the
 * only lock; the rest belongs to the database's thread. The application's threads wait here, with a
 * bound, and are never made to do I/O.
 *
 * <p>May not: know the WAL, the staging folder or the replica, decide what is captured or uploaded.
 */
package io.walsync.db.application;
