/**
 * JMH benchmarks of what runs for each commit, frame and page. Each class is about one part of the
 * agent; {@code MicroSuite} runs all of this package.
 */
package io.walsync.bench.micro;
