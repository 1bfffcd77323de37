/**
 * Where the agent proper begins: wiring, lifecycle and shutdown. Reached from the bootstrap by
 * reflection; sees every other package, and none sees it.
 */
package io.walsync.agent;
