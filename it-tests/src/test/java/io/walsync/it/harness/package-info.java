/**
 * Drives processes and reads what they leave: the host application, the packed jar, Litestream, the
 * {@code sqlite3} shell, S3 servers. Knows the documented command line and configuration of the jar
 * and none of its classes, so that a test sees what a user sees. Holds no tests.
 */
package io.walsync.it.harness;
