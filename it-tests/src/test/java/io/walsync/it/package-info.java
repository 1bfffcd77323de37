/**
 * What a user does, end to end: an application in a JVM of its own under the packed agent, killed,
 * restarted, restored, read by Litestream. Tests only; how processes are driven is in {@code
 * harness}, what runs inside them in {@code app}.
 */
package io.walsync.it;
