package io.walsync.doctor;

import io.walsync.replica.s3.S3Fencing;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a store did when it was asked. Filled by {@link StoreProbe}, then only read. */
public final class StoreFacts {

  static final String LIST = "list";
  static final String WRITE = "write";
  static final String READ = "read";
  static final String DELETE = "delete";

  static final long UNKNOWN = Long.MIN_VALUE;

  final String url;

  /** By verb, in the order in which they were tried: why not; empty if it was done. */
  final Map<String, String> outcomes = new LinkedHashMap<>();

  /** This machine's clock less the store's; {@link #UNKNOWN} if the store tells no time. */
  long clockAheadMillis = UNKNOWN;

  /** Half of the time of small writes took no longer; {@link #UNKNOWN} if none was made. */
  long medianWriteNanos = UNKNOWN;

  /** Null if it was not tried. */
  @Nullable S3Fencing fencing;

  /** Why it could not be tried; null if it was, or need not be. */
  @Nullable String fencingProblem;

  /** What could not be removed again; null if nothing is left. */
  @Nullable String left;

  StoreFacts(String url) {
    this.url = url;
  }

  boolean isDone(String verb) {
    return "".equals(outcomes.get(verb));
  }
}
