/**
 * The way to the store: one HTTP forwarder that everybody's requests pass, the log of what passed,
 * the round trip it adds and the failures it plays. Knows S3 only as far as paths and methods go,
 * and nothing of who sends.
 */
package io.walsync.bench.wire;
