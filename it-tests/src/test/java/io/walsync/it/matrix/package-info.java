/**
 * Driver by commit path: {@link io.walsync.it.scenario.ScenarioApp} on every version of
 * sqlite-jdbc, with and without the agent, and every replica restored. May use the harness; nothing
 * here looks inside the agent.
 */
package io.walsync.it.matrix;
