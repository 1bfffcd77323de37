package io.walsync.it.containers;

import io.walsync.it.harness.DatabaseContent;
import io.walsync.it.harness.DirectoryReplica;
import io.walsync.it.harness.Jdk;
import io.walsync.it.harness.LedgerContent;
import io.walsync.it.harness.Recovery;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bundle that is updated brings a new copy of the driver. */
@Tag("campaign")
final class OsgiUpdateIT {

  @TempDir Path folder;

  @Test
  void anUpdatedBundleIsReplicatedThroughItsNewDriver() {
    Host host = new Host(Jdk.running(), Parts.NEW_DRIVER, folder, RoundTrip.configure(folder));
    Recovery recovery =
        new Recovery(new DirectoryReplica(folder.resolve("replica")), folder.resolve("restored"));
    try (DeployedApp app = Container.OSGI_EMBEDDED.start(host)) {
      app.ask("open");
      app.ask("create");
      for (int round = 0; round < 3; round++) {
        recovery.awaitSeq(app.ask("insert 10"));
        app.jvm().ask("update");
        app.ask("open");
      }
      recovery.awaitSeq(app.ask("insert 3"));
      app.jvm().kill();
    }
    DatabaseContent.settle(host.database());
    recovery.ledger().isTheSameAs(LedgerContent.of(host.database()));
  }
}
