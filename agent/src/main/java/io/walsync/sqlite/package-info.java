/**
 * The host's own driver: called below {@code java.sql} by reflection, and the only SQLite the agent
 * ever uses (invariant I3). Nothing here writes a row or a page; checkpoints are PASSIVE only.
 */
package io.walsync.sqlite;
