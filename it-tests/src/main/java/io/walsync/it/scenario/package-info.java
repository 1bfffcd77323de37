/**
 * An application that commits in every way that sqlite-jdbc has, one database for each way. Java 8,
 * and only such calls as every version of the driver can be asked; knows nothing of the agent but
 * where its replicas appear.
 */
package io.walsync.it.scenario;
