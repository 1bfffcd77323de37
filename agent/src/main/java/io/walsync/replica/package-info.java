/**
 * The contract every replica store keeps ({@link io.walsync.replica.ReplicaClient}) and what its
 * callers share. One package below for each kind of store. Nothing here knows databases,
 * configuration files or the host.
 */
package io.walsync.replica;
