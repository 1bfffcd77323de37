/**
 * What {@code doctor} looks at: a database's file, the file systems, the application's driver, a
 * store, what is kept and what it costs. Each check is a class that turns facts into {@link
 * io.walsync.doctor.Finding}s, each of which says what was found and one thing to do about it; how
 * findings are told is {@link io.walsync.doctor.Diagnosis}'s.
 *
 * <p>Runs in the process of the command line, beside applications that are at work. What it writes
 * to a store lies below {@code walsync/doctor-…} and is removed again.
 *
 * <p>May not: open a database with SQLite, write beside one, keep a descriptor, or be called in an
 * application's process, whose locks the closing of a descriptor would drop.
 */
package io.walsync.doctor;
