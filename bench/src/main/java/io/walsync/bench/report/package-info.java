/**
 * Numbers and how they are shown: medians with their spread, tables as text and as JSON, and the
 * description of machine and versions without which a number means nothing. Measures nothing.
 */
package io.walsync.bench.report;
