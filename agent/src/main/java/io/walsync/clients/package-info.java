/**
 * From a replica's configuration to the client that speaks to it: what several databases share of
 * one bucket, and what is asked of a bucket once in a process.
 *
 * <p>May not: know a database, a staging folder or the application's connections, keep a thread.
 */
package io.walsync.clients;
