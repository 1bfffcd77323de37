/**
 * Stores for tests: an S3 server inside the test's JVM, faults in front of it, and a {@link
 * io.walsync.replica.ReplicaClient} that fails on demand. Used by all modules through the agent's
 * test jar.
 */
package io.walsync.teststore;
