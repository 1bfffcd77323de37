/**
 * What Walsync costs an application and how fast it is. {@code bench/run} calls {@link
 * io.walsync.bench.Bench}; each suite forks what it measures ({@code app}) with the tools of {@code
 * lab} and fills tables ({@code report}). A suite adds a row only after the replica of each of its
 * runs was restored with the packed jar and found equal to its database. Nothing here runs in a
 * build.
 */
package io.walsync.bench;
