/**
 * A host application as many are: Spring Boot on Tomcat, Spring Data JPA, Hibernate's SQLite
 * dialect, HikariCP. It knows nothing of the agent. Tests start it in a JVM of its own; nothing
 * here is on their class path.
 */
package io.walsync.it.web;
