package io.walsync.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.config.ConfigLoader;
import io.walsync.databases.Databases;
import io.walsync.hook.ConnectionRegistry;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;

class UnseenConnectionsTest {

  @TempDir Path folder;
  private final List<String> warnings = new ArrayList<>();

  private final Logger log =
      (Logger)
          Proxy.newProxyInstance(
              Logger.class.getClassLoader(),
              new Class<?>[] {Logger.class},
              (proxy, method, arguments) -> {
                if (method.getName().equals("warn")) {
                  warnings.add(arguments[1] + ": " + arguments[0]);
                }
                return null;
              });

  private void look(boolean areFilesListed) throws Exception {
    Path database = folder.resolve("app.db");
    Path config = folder.resolve("walsync.yml");
    Files.writeString(
        config,
        "dbs:\n  - path: " + database + "\n    replica:\n      url: file://" + folder + "/r\n");
    Databases databases =
        new Databases(
            ConfigLoader.load(config.toFile(), Map.of()),
            (replica, access) -> {
              throw new AssertionError("nothing is opened");
            });
    try {
      UnseenConnections unseen =
          new UnseenConnections(
              Collections.singleton(null),
              databases,
              new ConnectionRegistry(),
              log,
              areFilesListed);
      assertThat(unseen.look()).as("there is more to look for").isFalse();
      unseen.look();
    } finally {
      databases.close(TimeUnit.SECONDS.toNanos(10));
    }
  }

  @Test
  void whereNobodyListsOpenFilesTheDatabasesThatMayBeIdleAreToldOnce() throws Exception {
    look(false);
    assertThat(warnings)
        .singleElement()
        .asString()
        .contains(folder.resolve("app.db").toString())
        .contains("nothing of it is replicated before its next statement");
  }

  @Test
  void whereTheyAreListedThereIsNothingToTell() throws Exception {
    look(true);
    assertThat(warnings).isEmpty();
  }
}
