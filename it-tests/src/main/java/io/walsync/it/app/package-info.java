/**
 * What runs in a forked JVM as the host application: plain JDBC, nothing of ours, class path of
 * these classes and one sqlite-jdbc jar. Java 8, so that it runs wherever the agent does. Knows
 * neither the harness nor the tests.
 */
package io.walsync.it.app;
