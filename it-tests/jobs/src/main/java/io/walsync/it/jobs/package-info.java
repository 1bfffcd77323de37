/**
 * A host application on JobRunr, whose storage is SQLite. It knows nothing of the agent. Tests
 * start it in a JVM of its own; nothing here is on their class path.
 */
package io.walsync.it.jobs;
