/**
 * What becomes of the files that a store has: which states can be restored from them, and whether
 * they can be proved to be what was committed.
 *
 * <p>All of it works on a replica alone. Nothing here knows a database, its connections or its
 * staging folder, so that it runs in the command line as in the agent. What a restore would fetch
 * is decided by {@link io.walsync.restore.RestorePlan} and nowhere else: a proof that chose its
 * files by another rule would prove something else.
 *
 * <p>Nothing here writes to a replica yet. It never deletes.
 */
package io.walsync.history;
