package io.walsync.it.matrix;

import io.walsync.replica.file.FileReplicaClient;
import io.walsync.restore.NoBackupException;
import io.walsync.restore.Restore;
import io.walsync.restore.RestoreOptions;
import io.walsync.restore.RestoreProgress;
import io.walsync.restore.RestoreTarget;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;

/** Restores in this JVM: hundreds of replicas, where a process for each would take minutes. */
final class RestoredHere {

  private RestoredHere() {}

  /** Replaces the output; empty if the replica has no backup yet. */
  static Optional<Path> restore(Path replica, Path output) {
    Restore restore =
        new Restore(
            new FileReplicaClient(replica.toFile()),
            RestoreOptions.defaults().withForce(true).withParallelism(1),
            RestoreProgress.NONE);
    try {
      restore.run(RestoreTarget.latest(), output.toFile());
      return Optional.of(output);
    } catch (NoBackupException nothingYet) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot restore " + replica, e);
    }
  }
}
