/**
 * Merges the files of a replica into files of higher levels, as Litestream lays them out: level n+1
 * holds what level n holds in fewer files, and whatever a restore can reach is the same before and
 * after. {@link io.walsync.history.compaction.Ladder} says how coarse each level is, {@link
 * io.walsync.history.compaction.DueMerges} which files are to be merged, {@link
 * io.walsync.history.compaction.Merge} does one, {@link io.walsync.history.compaction.Compaction}
 * one after the other.
 *
 * <p>Rules: a merge has two inputs at least, all of one level, each beginning with the TXID after
 * the last; a level has no gap that the level below it has not; a file that begins with TXID 1 is
 * never an input; the output has the time, the checksum and the epoch of its newest input.
 *
 * <p>May not: delete a file, know a database, wait on an application's thread.
 */
package io.walsync.history.compaction;
