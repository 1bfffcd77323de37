package io.walsync.testkit;

import java.util.List;
import java.util.Map;

/** Where a database is replicated to, as the programs that are run take it. */
public interface ReplicaPlace {

  /** As Walsync's command line and configuration take it. */
  String url();

  /** As Litestream takes it, with the endpoint in the query. */
  default String litestreamUrl() {
    return url();
  }

  /** The lines below {@code replica:} in a configuration, not indented. */
  List<String> yaml();

  /** Environment that programs need to reach it. */
  default Map<String, String> credentials() {
    return Map.of();
  }
}
