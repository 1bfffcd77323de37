/**
 * Uploads sealed files, in order, one at a time, and handles the store's answers. A file counts as
 * stored when the store has proved it. If its name is taken by another file, somebody else writes
 * this replica.
 *
 * <p>Requests run on upload threads and leave one outcome for the database's thread to collect
 * ({@link io.walsync.db.upload.Uploader}). {@link io.walsync.db.upload.Replicator} is the dialogue:
 * what the replica has, whether it can still be restored, when to try again.
 *
 * <p>May not: open the database or its WAL, seal a file, delete one from the replica.
 */
package io.walsync.db.upload;
