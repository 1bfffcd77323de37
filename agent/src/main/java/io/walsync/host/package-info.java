/**
 * What can be learned of the process and the machine around a database without touching its files:
 * the locks the kernel holds for this process, the file system, the version of the application's
 * SQLite. Where the system does not tell, the answer is "not known", never a guess.
 *
 * <p>May not: open a database, a WAL or a {@code -shm}, log, or decide what follows from what it
 * found.
 */
package io.walsync.host;
