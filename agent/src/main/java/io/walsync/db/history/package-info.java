/**
 * What the agent does with the past of one database: merges what it has uploaded ({@link
 * io.walsync.db.history.Compactor}), by the rules of {@link io.walsync.history.compaction}. What
 * the replica holds is known from the listing at the start and from each file stored ({@link
 * io.walsync.replica.KnownFiles}), so that nothing is asked of the store for it.
 *
 * <p>Everything runs on the one compaction thread of the process, a merge at a time, and only as
 * long as the replica is this process's ({@link io.walsync.db.history.Ownership}). That it fails
 * costs no commit: uploads know nothing of it.
 *
 * <p>May not: delete a file of the replica, open the database, touch the staged files.
 */
package io.walsync.db.history;
