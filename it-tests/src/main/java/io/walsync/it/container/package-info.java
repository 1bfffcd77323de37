/**
 * {@link io.walsync.it.app.WriterApp} as it is deployed in the wild: a Spring Boot application, a
 * servlet, an OSGi bundle; and the programs that run such containers, told what to do over standard
 * input. Java 8 and the oldest version of each container, so that newer ones run it too. Knows
 * neither the harness nor the tests.
 */
package io.walsync.it.container;
