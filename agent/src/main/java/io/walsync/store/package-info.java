/**
 * All replicated databases of this process: which connection belongs to which database, and the
 * threads and limits they share. Knows no weaving and no command line.
 */
package io.walsync.store;
