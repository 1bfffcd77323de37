/**
 * What this machine knows of one database: its staging folder, from the opening to the parking, and
 * whether the folder can be trusted. It composes {@code db.staging}, which keeps the folder, and
 * {@code db.lineage}, which decides whether the database is a continuation of it.
 *
 * <p>Everything here runs on the database's thread. A question that others may ask says so.
 *
 * <p>May not: read the WAL, reach the network, talk to the application.
 */
package io.walsync.db.local;
