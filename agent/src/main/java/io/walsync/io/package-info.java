/**
 * What every other package may use and what knows none of them: the agent's threads, waiting
 * between tries, the clock, and files that the agent owns ({@link io.walsync.io.Disk}, {@link
 * io.walsync.io.AtomicFile}, {@link io.walsync.io.FileAccess}). A class belongs here if two
 * packages need it that may not see each other, and if it would make sense in another program.
 *
 * <p>May not: know a database, a WAL, an LTX file, a replica or a configuration key; open a file
 * that the application owns; decide what is done when something fails.
 */
package io.walsync.io;
