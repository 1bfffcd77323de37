/**
 * What the application has open of one database, and what it asks for: its connections, the copy of
 * SQLite they came through, the journal and locking mode they want, their autocheckpoint.
 *
 * <p>The application's threads call {@link io.walsync.db.application.Connections} and what says
 * "from anywhere"; the rest belongs to the database's thread. Application threads wait here with a
 * bound, and never do I/O.
 *
 * <p>May not: know the WAL, the staging folder or the replica, decide what is captured or uploaded.
 */
package io.walsync.db.application;
