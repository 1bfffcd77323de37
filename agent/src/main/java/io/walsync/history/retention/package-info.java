/**
 * Which files of a replica may be deleted so that it stays small and every promised moment stays
 * restorable. {@link io.walsync.history.retention.Policy} is the promise, {@link
 * io.walsync.history.retention.PromisedPoints} the states that it means in a replica, {@link
 * io.walsync.history.retention.KeepSet} the files that those are restored from, {@link
 * io.walsync.history.retention.Prune} one pass, {@link io.walsync.history.retention.Passes} those
 * of a process that writes, {@link io.walsync.history.retention.PruneNotes} what keeps two of them
 * apart, {@link io.walsync.history.retention.Pins} the named states that outlive them.
 *
 * <p>Rules: what is kept is what {@code restore} would fetch, and nothing is deleted before the
 * planner of {@code restore} has reached every promised state without it. What is young, what is
 * the newest of its level, what no merge has taken up yet, and what is not understood stays. Ages
 * are counted by the store's clock, and no further than to the newest state. What goes is named in
 * a note first, and nobody counts on it from then on.
 *
 * <p>May not: know a database, overwrite a file of a replica, delete one of an owner who may be
 * alive and is somebody else.
 */
package io.walsync.history.retention;
