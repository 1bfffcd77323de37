/**
 * The host's own driver: the only package that touches {@code java.sql}, and the only SQLite the
 * agent ever uses (invariant I3). Nothing here writes a row or a page; checkpoints are PASSIVE
 * only.
 */
package io.walsync.sqlite;
