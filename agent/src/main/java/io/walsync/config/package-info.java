/**
 * The configuration: a YAML file or the URL of a replica, and what the environment says, in; one
 * immutable, validated {@link io.walsync.config.Config} out. Every error names file, line, column
 * and key, or the variable. What each key means is in {@link io.walsync.config.ConfigKeys}.
 *
 * <p>May not: log (warnings are handed to the caller), touch a database file beyond its name, open
 * a replica, or read the process's environment anywhere but in {@link
 * io.walsync.config.HostEnvironment}, whose answer is passed in.
 */
package io.walsync.config;
