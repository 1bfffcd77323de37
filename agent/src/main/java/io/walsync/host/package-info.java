/**
 * What can be learned of the process and the machine around a database without touching its files:
 * the locks the kernel holds for this process, the file system, the version of the application's
 * SQLite. Nothing here opens a database, a WAL or a {@code -shm}.
 */
package io.walsync.host;
