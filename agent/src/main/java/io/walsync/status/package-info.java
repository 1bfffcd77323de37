/**
 * What a running agent tells whoever asks how its databases do: the rows and the JSON of the
 * command {@code status}. Reads only {@link io.walsync.db.events.DbStatus}, of which each answer
 * takes one for each database.
 *
 * <p>Nothing here is loaded before somebody asks.
 *
 * <p>May not: ask a store, read a database, decide about one, or wait for the thread of one.
 */
package io.walsync.status;
