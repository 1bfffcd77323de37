/**
 * What runs before anything else: {@code premain}, {@code main}, and the class loader that keeps
 * the rest of the jar apart from the application. Everything else in the jar is invisible to the
 * host.
 *
 * <p>Only java.base is used here. Until SQLite is loaded nothing here touches java.util.logging,
 * JMX, NIO file systems, lambdas or method handles: the first touch of each is the application's.
 *
 * <p>The jar:
 *
 * <pre>
 *   META-INF/MANIFEST.MF            no Class-Path, no Boot-Class-Path
 *   META-INF/                       licences; no services, no versions: the host would see them
 *   io/walsync/bootstrap/*.class    this package, on the class path of the host
 *   boot/WalsyncBridge.classdata    defined into java.lang at run time
 *   inst.bundle                     the agent and relocated libraries, classes as .classdata
 *   cli.bundle                      sqlite-jdbc, for the command line alone
 * </pre>
 *
 * The launcher {@code walsync} is a shell script with the jar behind it, which every reader of jars
 * takes for a jar. It has {@link io.walsync.bootstrap.PlainJar} unpack the command line.
 *
 * <p>A bundle is one uncompressed entry that holds many files, see {@link
 * io.walsync.bootstrap.Bundle}; they are called {@code inst/<name>} and {@code cli/<name>}.
 */
package io.walsync.bootstrap;
