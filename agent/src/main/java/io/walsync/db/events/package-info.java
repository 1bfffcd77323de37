/**
 * What happens to a database, as calls and values: {@link io.walsync.db.events.DbEvents} is called
 * by whoever knows, and {@link io.walsync.db.events.LogLines} is the listener that tells people.
 * Nothing here knows how a database is replicated, and nothing here decides anything.
 */
package io.walsync.db.events;
