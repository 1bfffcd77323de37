/**
 * The packed jar as a thing: what is in it, that it leaves a host as it found it, and that woven
 * drivers tell of everything. The programs that run in forked JVMs are the classes named App.
 */
package io.walsync.it.packaging;
