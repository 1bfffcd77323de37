/**
 * The log: an slf4j provider that writes single lines to stderr. A leaf; nothing else is known
 * here.
 *
 * <p>Not slf4j-simple, because in a host process that costs and shows too much: it finds its
 * settings through the context class loader and system properties, which are the host's; its dates
 * come from SimpleDateFormat, whose locale and time zone data take a cold JVM 100 ms on whatever
 * thread logs first; and its level is fixed before a configuration can be read.
 */
package io.walsync.log;
