/**
 * All replicated databases of this process: which connection belongs to which database, and the
 * threads and limits they share. A database is made at the first connection to its file, and
 * forgotten when its file is gone and everything is in the store.
 *
 * <p>A database that is missing as the application opens it is restored here, if it is configured
 * so, while the application waits.
 *
 * <p>Connections are assigned to databases on agent threads, never on the application's. May not:
 * know weaving or the command line, look into a WAL or a staging folder, decide when a database
 * captures or uploads.
 */
package io.walsync.databases;
