/**
 * The configuration file: YAML in, one immutable, validated {@link io.walsync.config.Config} out.
 * Every error names file, line, column and key. What each key means is in {@link
 * io.walsync.config.ConfigKeys}.
 *
 * <p>May not: log (warnings are handed to the caller), touch a database file beyond its name, open
 * a replica, read an environment other than the one passed in.
 */
package io.walsync.config;
