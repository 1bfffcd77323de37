/** Leaf pieces: threads, backoff, small files. Knows nothing of databases or replicas. */
package io.walsync.io;
