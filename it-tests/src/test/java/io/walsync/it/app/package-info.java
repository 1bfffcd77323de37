/**
 * What runs in a forked JVM as the host application: plain JDBC, nothing of ours, class path of
 * these classes and one sqlite-jdbc jar. Knows neither the harness nor the tests.
 */
package io.walsync.it.app;
