/**
 * Who may overwrite the WAL, and when: pins (read transactions that forbid a restart), PASSIVE
 * checkpoints, and the turnstile that makes a restart possible beside writers that never pause. It
 * holds no pages and writes no files: the {@link io.walsync.db.checkpoint.WalFollower} copies what
 * must be copied before a restart.
 *
 * <p>The facts of SQLite's WAL that it relies on: a reader with a non-zero read mark forbids a
 * restart and lets nobody backfill past its mark. A reader at mark 0, taken when everything is
 * backfilled, lets one restart pass and then forbids all backfill, so the new run cannot be
 * restarted away either.
 */
package io.walsync.db.checkpoint;
