package io.walsync.it.thirdparty;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.it.harness.BucketReplica;
import io.walsync.it.harness.DatabaseContent;
import io.walsync.it.harness.ForkedJvm;
import io.walsync.it.harness.Recovery;
import io.walsync.it.harness.S3Servers;
import io.walsync.it.thirdparty.JobsDatabase.StoredJob;
import io.walsync.testkit.AgentYaml;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * JobRunr with its jobs in SQLite, a connection for each piece of work, killed under load. {@code
 * -Dsimulation.seed=} repeats the moments of the kills.
 */
@Tag("campaign")
final class JobSchedulerIT {

  private static final int CLIENT_COUNT = 3;
  private static final int FIRST_JOBS = 60;
  private static final int MAX_FURTHER_JOBS = 500;
  private static final int LONG_ROUNDS = 20;

  @TempDir Path folder;

  @Test
  void aKilledJobSchedulerIsRestoredToAStateThatItWentThrough() {
    boolean isLong = "long".equals(System.getProperty("campaign.length"));
    String given = System.getProperty("simulation.seed", "");
    long seed = given.isEmpty() ? System.nanoTime() & 0xffffff : Long.parseLong(given);
    System.out.println("job scheduler: -Dsimulation.seed=" + seed);
    Random random = new Random(seed);
    for (int round = 0; round < (isLong ? LONG_ROUNDS : 1); round++) {
      try (BucketReplica replica = new BucketReplica(S3Servers.EMBEDDED.server())) {
        killAndRestore(folder.resolve("jobs-" + round + ".db"), replica, random);
      }
    }
  }

  private void killAndRestore(Path database, BucketReplica replica, Random random) {
    Path config = AgentYaml.of(database, replica).writeTo(database.resolveSibling("walsync.yml"));
    Recovery recovery = new Recovery(replica, folder.resolve("restored-" + database.getFileName()));
    List<StoredJob> early;
    ForkedJvm app =
        HostApplication.of("jobs", "io.walsync.it.jobs.JobsApp")
            .agent(config)
            .arguments(database, CLIENT_COUNT)
            .start();
    try (app) {
      awaitJobs(app, FIRST_JOBS);
      early = StoredJob.of(app.stdout());
      HostApplication.await(app, () -> JobsDatabase.of(recovery.restore()).hasAll(early));
      awaitJobs(app, StoredJob.of(app.stdout()).size() + random.nextInt(MAX_FURTHER_JOBS));
      app.kill();
    }
    List<StoredJob> stored = StoredJob.of(app.stdout());
    DatabaseContent.settle(database);
    JobsDatabase source = JobsDatabase.of(database);
    assertThat(source.hasAll(stored)).as("the source has what was acknowledged").isTrue();
    JobsDatabase restored = JobsDatabase.of(recovery.restore());
    assertThat(restored.hasAll(early)).as("what the replica had it keeps").isTrue();
    restored.isAStateOf(source, stored);
    assertThat(HostApplication.complaints(app)).isEmpty();
  }

  private static void awaitJobs(ForkedJvm app, int count) {
    HostApplication.await(app, () -> StoredJob.of(app.stdout()).size() >= count);
  }
}
