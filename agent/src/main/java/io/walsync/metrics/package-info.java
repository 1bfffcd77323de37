/**
 * What Prometheus reads, and a page for people: the values of each database in the text format, and
 * as {@link io.walsync.status} tells them, served over HTTP by one thread. Reads only {@link
 * io.walsync.db.events.DbStatus}.
 *
 * <p>The format is version 0.0.4: for each family a {@code # HELP} and a {@code # TYPE} line, then
 * its samples, {@code name{label="value"} number}; in label values backslash, quote and line feed
 * are escaped by a backslash. Source: the Prometheus documentation, "Exposition formats".
 *
 * <p>Nothing here is loaded unless {@code addr} is configured. Uses sockets of the JDK only: the
 * JDK's HTTP server would log through the host's {@code java.util.logging}, and is not in every
 * image.
 *
 * <p>May not: ask a store, read a database, decide about one, or wait for the thread of one.
 */
package io.walsync.metrics;
