package io.walsync.it.thirdparty;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.it.harness.BucketReplica;
import io.walsync.it.harness.DatabaseContent;
import io.walsync.it.harness.ForkedJvm;
import io.walsync.it.harness.Recovery;
import io.walsync.it.harness.S3Servers;
import io.walsync.it.thirdparty.ShopClients.Order;
import io.walsync.testkit.AgentYaml;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Spring Boot on Tomcat with Spring Data JPA, Hibernate and HikariCP, killed while clients order.
 * {@code -Dsimulation.seed=} repeats the moments of the kills.
 */
@Tag("campaign")
final class WebShopIT {

  private static final int CLIENT_COUNT = 4;
  private static final int FIRST_ORDERS = 60;
  private static final int MAX_FURTHER_ORDERS = 500;
  private static final int LONG_ROUNDS = 20;

  @TempDir Path folder;

  @Test
  void aKilledWebApplicationIsRestoredWithWhatItsClientsWereTold() throws Exception {
    boolean isLong = "long".equals(System.getProperty("campaign.length"));
    String given = System.getProperty("simulation.seed", "");
    long seed = given.isEmpty() ? System.nanoTime() & 0xffffff : Long.parseLong(given);
    System.out.println("web shop: -Dsimulation.seed=" + seed);
    Random random = new Random(seed);
    for (int round = 0; round < (isLong ? LONG_ROUNDS : 1); round++) {
      try (BucketReplica replica = new BucketReplica(S3Servers.EMBEDDED.server())) {
        killAndRestore(folder.resolve("shop-" + round + ".db"), replica, random);
      }
    }
  }

  private void killAndRestore(Path database, BucketReplica replica, Random random)
      throws Exception {
    Path config = AgentYaml.of(database, replica).writeTo(database.resolveSibling("walsync.yml"));
    Recovery recovery = new Recovery(replica, folder.resolve("restored-" + database.getFileName()));
    List<Order> early;
    List<Order> placed;
    ForkedJvm app =
        HostApplication.of("web", "io.walsync.it.web.WebApp")
            .agent(config)
            .property("database", database)
            .start();
    try (app) {
      ShopClients clients = new ShopClients(HostApplication.line(app, "port "), CLIENT_COUNT);
      awaitOrders(app, clients, FIRST_ORDERS);
      early = clients.placed();
      HostApplication.await(app, () -> ShopDatabase.of(recovery.restore()).hasAll(early));
      awaitOrders(app, clients, clients.placed().size() + random.nextInt(MAX_FURTHER_ORDERS));
      clients.expectTheEnd();
      app.kill();
      placed = clients.join();
    }
    DatabaseContent.settle(database);
    ShopDatabase source = ShopDatabase.of(database);
    assertThat(source.hasAll(placed)).as("the source has what was acknowledged").isTrue();
    ShopDatabase restored = ShopDatabase.of(recovery.restore());
    assertThat(restored.hasAll(early)).as("what the replica had it keeps").isTrue();
    restored.isAStateOf(source, placed);
    assertThat(HostApplication.complaints(app)).isEmpty();
  }

  private static void awaitOrders(ForkedJvm app, ShopClients clients, int count) {
    HostApplication.await(
        app,
        () -> {
          clients.requireHealthy();
          return clients.placed().size() >= count;
        });
  }
}
