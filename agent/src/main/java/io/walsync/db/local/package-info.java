/**
 * What this machine knows of one database, over the folder's life: opened, trusted or not, behind
 * or not, given back when nothing waits in it. It composes {@code db.staging}, which keeps the
 * folder, and {@code db.lineage}, which says what it is worth.
 *
 * <p>Everything here runs on the database's thread. A question that others may ask says so.
 *
 * <p>May not: read the WAL, reach the network, talk to the application.
 */
package io.walsync.db.local;
