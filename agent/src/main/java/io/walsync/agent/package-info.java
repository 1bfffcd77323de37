/**
 * Where the agent proper begins and ends: it wires the other packages together, starts the weaving,
 * attaches and detaches, and sees to the end of the process. Reached from the bootstrap by
 * reflection.
 *
 * <p>Sees every other package, and none sees it. What an application's thread runs on its way in is
 * kept apart from what an agent thread does later: the first may neither fail nor wait.
 *
 * <p>May not: decide about one database, which {@link io.walsync.db} does, or know how a
 * configuration is written, which {@link io.walsync.config} does.
 */
package io.walsync.agent;
