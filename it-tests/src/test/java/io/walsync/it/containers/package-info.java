/**
 * The packed jar in every Java and every container: that the application's class loaders find the
 * bridge and nothing else of ours, that rows replicate, and that what is undeployed goes away.
 */
package io.walsync.it.containers;
