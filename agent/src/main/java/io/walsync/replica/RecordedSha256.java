package io.walsync.replica;

import org.jspecify.annotations.Nullable;

/**
 * A stream of {@link ReplicaClient#open} that came together with what {@link
 * ReplicaClient#recordedSha256} would ask for, and so saves a request for each file.
 */
public interface RecordedSha256 {

  /** Of the whole file, lower-case hex; null if the store has none. */
  @Nullable String recordedSha256();
}
