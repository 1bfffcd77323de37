/**
 * The files that a store has: which states can be restored from them, and whether these are what
 * was committed.
 *
 * <p>All of it works on a replica alone. Nothing here knows a database, its connections or its
 * staging folder, so that it runs in the command line as in the agent. Only {@link
 * io.walsync.restore.RestorePlan} decides which files a restore fetches: a proof that chose its
 * files by another rule would prove something else.
 *
 * <p>May not: write to a replica, delete a file of one.
 */
package io.walsync.history;
