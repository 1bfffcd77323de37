package io.walsync.it.containers;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.it.harness.Application;
import io.walsync.it.harness.DatabaseContent;
import io.walsync.it.harness.DirectoryReplica;
import io.walsync.it.harness.ForkedJvm;
import io.walsync.it.harness.Jdk;
import io.walsync.it.harness.LedgerContent;
import io.walsync.it.harness.Recovery;
import io.walsync.testkit.AgentYaml;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two web applications in one Tomcat, each with its own copy of the driver and its own database:
 * two copies of SQLite in one process, which must never meet.
 */
final class TomcatRedeployIT {

  private static final String LOAD = "start threads=2 storm=25 size=2000 pause=500";

  @TempDir Path folder;
  private DirectoryReplica red;
  private DirectoryReplica blue;
  private Recovery redRecovery;
  private Recovery blueRecovery;
  private Host host;

  @BeforeEach
  void configure() {
    red = new DirectoryReplica(folder.resolve("red-replica"));
    blue = new DirectoryReplica(folder.resolve("blue-replica"));
    redRecovery = new Recovery(red, folder.resolve("red-restored"));
    blueRecovery = new Recovery(blue, folder.resolve("blue-restored"));
    Path config =
        AgentYaml.of(database("red"), red)
            .database(database("blue"), blue, "sync-interval: 50ms")
            .writeTo(folder.resolve("walsync.yml"));
    host = new Host(Jdk.running(), Parts.NEW_DRIVER, folder, config);
  }

  @Test
  void redeployingUnderLoadLeavesNoClassLoaderAndBothDatabasesReplicateOn() {
    try (ForkedJvm tomcat = Container.emptyTomcat(host, "tomcat-9.0")) {
      tomcat.ask("deploy red " + webApplication("red", "red"));
      tomcat.ask("deploy blue " + webApplication("blue", "blue"));
      begin(tomcat, "red");
      begin(tomcat, "blue");
      redRecovery.awaitSeq(50);

      for (int round = 0; round < 2; round++) {
        tomcat.ask("undeploy red");
        tomcat.ask("deploy red " + folder.resolve("red"));
        tomcat.ask("red open");
        tomcat.ask("red " + LOAD);
      }
      tomcat.ask("gone");

      tomcat.ask("red stop");
      tomcat.ask("blue stop");
      redRecovery.awaitSeq(tomcat.ask("red insert 3"));
      blueRecovery.awaitSeq(tomcat.ask("blue insert 3"));
      RoundTrip.requireInvisible(tomcat.ask("red visible"));
      assertThat(tomcat.stderr())
          .noneMatch(line -> line.contains("two copies of sqlite-jdbc"))
          .noneMatch(line -> line.contains(" ERROR walsync"));
      tomcat.kill();
    }
    requireRestored("red", redRecovery);
    requireRestored("blue", blueRecovery);
  }

  @Test
  void anApplicationThatForgetsItsConnectionIsCollectedAllTheSame() {
    Path careless =
        new WebApplication(folder.resolve("red"), WebApplication.Api.JAVAX, host.driver())
            .parameter("database", database("red"))
            .parameter("journal", Application.journal(database("red")))
            .parameter("leaves", "connection")
            .explode();
    try (ForkedJvm tomcat = Container.emptyTomcat(host, "tomcat-9.0")) {
      tomcat.ask("deploy red " + careless);
      tomcat.ask("red open");
      tomcat.ask("red create");
      redRecovery.awaitSeq(tomcat.ask("red insert 20"));
      tomcat.ask("undeploy red");
      tomcat.ask("gone");
    }
  }

  private void begin(ForkedJvm tomcat, String name) {
    tomcat.ask(name + " open");
    tomcat.ask(name + " create");
    tomcat.ask(name + " " + LOAD);
  }

  private Path webApplication(String name, String databaseName) {
    return new WebApplication(folder.resolve(name), WebApplication.Api.JAVAX, host.driver())
        .parameter("database", database(databaseName))
        .parameter("journal", Application.journal(database(databaseName)))
        .explode();
  }

  private Path database(String name) {
    return folder.resolve(name + ".db");
  }

  private void requireRestored(String name, Recovery recovery) {
    DatabaseContent.settle(database(name));
    recovery.ledger().isTheSameAs(LedgerContent.of(database(name)));
  }
}
