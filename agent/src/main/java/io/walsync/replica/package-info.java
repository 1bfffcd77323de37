/**
 * The contract every replica store keeps ({@link io.walsync.replica.ReplicaClient}) and what its
 * callers share. One package below for each kind of store; a new kind is a package there, a client
 * that passes {@code ReplicaClientContract}, and a type in the configuration.
 *
 * <p>Nothing in a replica is overwritten: a name that is taken by other content is a {@link
 * io.walsync.replica.LtxFileConflictException}. May not: know databases, configuration files or the
 * host; try a failed upload again, since the callers decide when.
 */
package io.walsync.replica;
