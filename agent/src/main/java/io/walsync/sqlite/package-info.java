/**
 * The host's own driver: called below {@code java.sql} by reflection, and the only SQLite the agent
 * ever uses in a host: a second one in the same process would corrupt databases. Nothing is
 * compiled against a version of it; what one version lacks is found out once and reported.
 *
 * <p>Nothing here writes a row or a page, except the switch to WAL mode, which sets two bytes of
 * the header. Checkpoints are PASSIVE only. May not: decide when a connection is opened or a
 * checkpoint made, read a database file or a WAL, keep a driver alive that the application has
 * dropped.
 */
package io.walsync.sqlite;
