/**
 * Who may overwrite the WAL, and when: pins (read transactions that forbid a restart), PASSIVE
 * checkpoints, and the turnstile that gives a restart its moment beside writers that never pause.
 * Holds no pages and writes no files; what must be copied before a restart is copied by the {@link
 * io.walsync.db.checkpoint.WalFollower} it is given.
 *
 * <p>The facts it stands on (all of SQLite's WAL): a reader with a non-zero read mark forbids a
 * restart and lets nobody backfill past its mark. A reader at mark 0, taken when everything is
 * backfilled, lets one restart pass and then forbids all backfill, so the new run cannot be
 * restarted away either.
 */
package io.walsync.db.checkpoint;
