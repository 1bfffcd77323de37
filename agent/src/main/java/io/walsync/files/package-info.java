/**
 * Descriptors of database files and their wal-index, and which file a path leads to. POSIX drops
 * every lock a process has on a file when it closes any descriptor of it, so a file that the
 * application may have open is opened once and kept ({@link io.walsync.files.KeptFile}) until its
 * name is gone and nobody has it open any more.
 *
 * <p>Threading: safe; all databases of the process share it.
 *
 * <p>May not: close a descriptor in any other way; write to a file; know what is in a file beyond
 * the header of a database.
 */
package io.walsync.files;
