package io.walsync.bench.lab;

import io.walsync.replica.ReplicaClient;
import io.walsync.testkit.ReplicaPlace;

/** Where a database's replica is, as configuration, as a URL and as a client. */
public interface Replica extends ReplicaPlace {

  /** What tables call the kind of store. */
  String storeName();

  /** To be closed by the caller. */
  ReplicaClient open();
}
