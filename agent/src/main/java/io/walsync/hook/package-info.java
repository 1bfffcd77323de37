/**
 * What woven driver code calls, on the application's threads and under the connection's monitor:
 * decides in nanoseconds whether a call may have committed, and passes that on. No I/O, no locks
 * held across calls, no allocation on the commit path; waiting only where the application is about
 * to close, to checkpoint, or at the turnstile, and always with a bound.
 */
package io.walsync.hook;
