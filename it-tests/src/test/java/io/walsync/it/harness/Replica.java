package io.walsync.it.harness;

import io.walsync.testkit.ReplicaPlace;
import java.nio.file.Path;
import java.util.List;

/** Where a database is replicated to, seen from outside: how to name it, and its files. */
public interface Replica extends ReplicaPlace {

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
