/**
 * What the tests of every module share: the source tree and what it says of itself, programs and
 * servers on this machine. Integration tests and benchmarks use it from the agent's test-jar, so
 * nothing here needs JUnit or AssertJ, nor a class of the agent's. Stores that fail on demand are
 * in {@code io.walsync.teststore}.
 */
package io.walsync.testkit;
