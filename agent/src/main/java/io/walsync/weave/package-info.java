/**
 * Changes the {@code NativeDB} of sqlite-jdbc as it is loaded, so that every call that may commit,
 * open or close reaches the bridge ({@code java.lang.WalsyncBridge}), and puts the bridge in place.
 * Sees only ASM, the bridge and the JDK; knows nothing of databases or of the rest of the agent.
 *
 * <p>Each native method in {@link io.walsync.weave.WovenNative} is renamed with the prefix {@code
 * walsync$} and stays native: the JVM, told of the prefix, still finds its symbol in the driver's
 * library. A Java method takes the old name, modifiers and exceptions, calls the native and tells
 * the bridge. For {@code step} that is
 *
 * <pre>
 *   public synchronized int step(long stmt) {
 *     Object hook = this.walsync$hook;
 *     if (hook == null) {
 *       return walsync$step(stmt);
 *     }
 *     WalsyncBridge.before(hook, stmt);
 *     int rc;
 *     try {
 *       rc = walsync$step(stmt);
 *     } catch (Throwable t) {
 *       WalsyncBridge.after(hook, stmt, -1);
 *       throw t;
 *     }
 *     if (rc != 100) { // SQLITE_ROW
 *       WalsyncBridge.after(hook, stmt, rc);
 *     }
 *     return rc;
 *   }
 * </pre>
 *
 * <p>The field {@code walsync$hook} is set after a successful open to what the bridge returns, and
 * cleared after a successful close. The bridge is given what the driver passed to SQLite and, where
 * it can be asked at no cost, what SQLite answers: {@link io.walsync.weave.FileQuestion}.
 */
package io.walsync.weave;
