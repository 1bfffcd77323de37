/**
 * The commands of {@code java -jar walsync-agent.jar}. Nothing here runs in a host process.
 *
 * <p>A script starts a process for each restore, so starting is part of the work: one command's
 * options are built, not all; classes that only some calls need (YAML, S3, progress bar, SQLite)
 * are loaded by those; no logging, no annotations, no lambdas.
 *
 * <p>The result is on stdout and everything else on stderr; an exit code means one thing in every
 * command.
 *
 * <p>May not: use anything of {@code io.walsync.db} or what only that uses, which belongs to host
 * processes; of {@code io.walsync.databases}, only what tells of a folder.
 */
package io.walsync.cli;
