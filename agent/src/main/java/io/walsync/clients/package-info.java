/**
 * Makes the client of a replica from its configuration. Holds what the databases of one bucket
 * share, and what is asked of a bucket once in a process.
 *
 * <p>May not: know a database, a staging folder or the application's connections, keep a thread.
 */
package io.walsync.clients;
