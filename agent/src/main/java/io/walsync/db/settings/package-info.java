/**
 * What one database is given when it is made: its path, its configuration as values, the threads it
 * is lent and the room on disk that it shares with the others.
 *
 * <p>All of it is there before the database is, and outlives it. Only {@link
 * io.walsync.db.settings.StagingTotal} changes, and is safe for any thread.
 *
 * <p>May not: read a configuration file, know anything of what a database does.
 */
package io.walsync.db.settings;
