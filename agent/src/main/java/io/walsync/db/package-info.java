/**
 * One replicated database: {@link io.walsync.db.Db} composes capture, pins, checkpoints, staging
 * and upload, and owns their order. Everything of a database runs on one thread at a time; the
 * application's threads only leave notes. Knows nothing of weaving.
 */
package io.walsync.db;
