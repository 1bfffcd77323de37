/** The commands of {@code java -jar walsync-agent.jar}. Nothing here runs in a host process. */
package io.walsync.cli;
