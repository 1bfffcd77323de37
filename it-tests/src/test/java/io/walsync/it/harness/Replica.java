package io.walsync.it.harness;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Where a database is replicated to, seen from outside: its files, and how to name it. */
public interface Replica {

  /** As the command line and the configuration take it. */
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

  /** All LTX files, by level and TXID. */
  List<LtxObject> list();

  byte[] read(LtxObject file);

  /** Overwrites one file, to damage it. */
  void write(LtxObject file, byte[] content);

  void delete(LtxObject file);

  /** Every object or file of the replica, LTX or not. */
  List<String> keys();

  /** A copy of what is there now, as a directory. */
  default DirectoryReplica copyTo(Path directory) {
    DirectoryReplica copy = new DirectoryReplica(directory);
    for (LtxObject file : list()) {
      copy.add(file, read(file));
    }
    return copy;
  }

  default List<LtxObject> level(int level) {
    return list().stream().filter(file -> file.level() == level).toList();
  }

  /** The highest TXID at any level; 0 if there is none. */
  default long maxTxid() {
    return list().stream().mapToLong(LtxObject::maxTxid).max().orElse(0);
  }

  default long snapshotCount() {
    return list().stream().filter(file -> file.level() == 9).count();
  }

  default long totalBytes() {
    return list().stream().mapToLong(LtxObject::sizeBytes).sum();
  }
}
