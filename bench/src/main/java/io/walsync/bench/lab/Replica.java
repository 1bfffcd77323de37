package io.walsync.bench.lab;

import io.walsync.replica.ReplicaClient;
import java.util.List;
import java.util.Map;

/** Where a database's replica is, as configuration, as a URL and as a client. */
public interface Replica {

  /** What tables call the kind of store. */
  String storeName();

  /** What the command lines of Walsync and Litestream take. */
  String url();

  /** Lines below {@code replica:} in a configuration. */
  List<String> yaml();

  /** Credentials for the command lines. */
  Map<String, String> environment();

  /** To be closed by the caller. */
  ReplicaClient open();
}
