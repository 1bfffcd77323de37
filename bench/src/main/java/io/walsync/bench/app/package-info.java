/**
 * Programs that suites fork: the applications under measurement and the S3 server. An application
 * sees only these classes, the JDK and sqlite-jdbc, so nothing here but {@link StoreServer} may use
 * anything else. A program says {@code ok} when it is ready, obeys one line at a time from standard
 * input and answers each with {@code ok name=value ...}.
 */
package io.walsync.bench.app;
