package io.walsync.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys outside the file: which of several places counts, and what is said of slips. */
class OverridesTest {

  private static final String FILE =
      """
      region: eu-central-1
      sync-interval: 5s
      dbs:
        - path: /srv/app.db
          journal-mode: wal
          replica: {url: "s3://b/p?region=us-west-1", sync-interval: 7s}
      """;

  @TempDir Path folder;

  @Test
  void aVariableCountsBeforeTheFileWhereverInItTheKeyStands() throws Exception {
    Config config =
        load(
            Map.of(
                "WALSYNC_SYNC_INTERVAL", "20ms",
                "WALSYNC_JOURNAL_MODE", "keep",
                "WALSYNC_LOGGING_LEVEL", "warn",
                "WALSYNC_ADDR", "9091",
                "WALSYNC_RESTORE_IF_DB_NOT_EXISTS", "true",
                "WALSYNC_REGION", "eu-north-1"));

    DbConfig db = config.dbs().get(0);
    assertThat(db.syncInterval()).isEqualTo(Duration.ofMillis(20));
    assertThat(db.journalMode()).isEqualTo(JournalMode.KEEP);
    assertThat(db.restoreIfDbNotExists()).isTrue();
    assertThat(db.replica().s3().region()).isEqualTo("eu-north-1");
    assertThat(config.logLevel()).isEqualTo(LogLevel.WARN);
    assertThat(config.addr().port()).isEqualTo(9091);
    assertThat(config.warnings()).isEmpty();
  }

  @Test
  void aSystemPropertyCountsBeforeTheVariable() throws Exception {
    Config config = load(Map.of("WALSYNC_SYNC_INTERVAL", "20ms", "walsync.sync-interval", "30ms"));

    assertThat(config.dbs().get(0).syncInterval()).isEqualTo(Duration.ofMillis(30));
  }

  @Test
  void whatTheArgumentItselfSaysCountsBeforeAll() throws Exception {
    Map<String, String> environment =
        Map.of("WALSYNC_REGION", "eu-north-1", "walsync.endpoint", "http://127.0.0.1:9000");

    ReplicaConfig replica =
        ConfigPlace.of("s3://b/p?region=us-west-1").load(environment).dbs().get(0).replica();

    assertThat(replica.s3().region()).isEqualTo("us-west-1");
    assertThat(replica.s3().endpoint()).hasToString("http://127.0.0.1:9000");
  }

  @Test
  void aReplicaThatIsNamedByItsUrlAloneIsWhereTheEnvironmentSays() throws Exception {
    List<String> warnings = new ArrayList<>();
    Map<String, String> environment =
        Map.of("WALSYNC_ENDPOINT", "http://127.0.0.1:9000", "WALSYNC_REGION", "eu-north-1");

    ReplicaConfig replica = ConfigLoader.replica("s3://b/p", environment, warnings);

    assertThat(replica.s3().endpoint()).hasToString("http://127.0.0.1:9000");
    assertThat(replica.s3().region()).isEqualTo("eu-north-1");
    assertThat(warnings).isEmpty();
  }

  @Test
  void anEmptyVariableIsAsOneThatIsNotSet() throws Exception {
    Config config = load(Map.of("WALSYNC_SYNC_INTERVAL", ""));

    assertThat(config.dbs().get(0).syncInterval()).isEqualTo(Duration.ofSeconds(7));
  }

  @Test
  void aDollarInAVariableStandsForItself() throws Exception {
    Config config = load(Map.of("WALSYNC_STORAGE_CLASS", "A$B"));

    assertThat(config.dbs().get(0).replica().s3().storageClass()).isEqualTo("A$B");
  }

  @Test
  void anErrorNamesTheVariableAndNotTheFile() throws Exception {
    ConfigFile file = ConfigFile.of(folder, FILE);

    assertThat(file.problem(Map.of("WALSYNC_SYNC_INTERVAL", "soon")))
        .startsWith("WALSYNC_SYNC_INTERVAL: \"soon\" ");
    assertThat(file.problem(Map.of("walsync.journal-mode", "off")))
        .isEqualTo("walsync.journal-mode: must be one of wal, keep, not \"off\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "WALSYNC_SYNC_INTERVALL | WALSYNC_SYNC_INTERVALL: is no key; ignored. Did you mean"
            + " WALSYNC_SYNC_INTERVAL?",
        "walsync.logging.levle | walsync.logging.levle: is no key; ignored. Did you mean"
            + " walsync.logging.level?",
        "WALSYNC_LEVELS | WALSYNC_LEVELS: is no key outside a file; ignored. Write `levels` in the"
            + " top level",
        "WALSYNC_SECRET_ACCESS_KEY | WALSYNC_SECRET_ACCESS_KEY: is no key outside a file; ignored."
            + " Credentials are found as the AWS tools find them, such as in AWS_ACCESS_KEY_ID and"
            + " AWS_SECRET_ACCESS_KEY",
        "WALSYNC_WHATEVER | WALSYNC_WHATEVER: is no key; ignored"
      })
  void aNameThatNoKeyHasIsToldWithoutItsValue(String name, String warning) throws Exception {
    assertThat(load(Map.of(name, "hush")).warnings()).containsExactly(warning);
  }

  @Test
  void namesThatAreOthersAreNotTold() throws Exception {
    Map<String, String> environment = new HashMap<>();
    for (String name :
        List.of(
            "WALSYNC_CONFIG",
            "WALSYNC_CACHE",
            "WALSYNC_JAVA_OPTS",
            "WALSYNC_PREPARE",
            "WALSYNC_SERVICE_HOST",
            "WALSYNC_SERVICE_PORT_HTTP",
            "WALSYNC_PORT",
            "WALSYNC_PORT_9090_TCP_ADDR",
            "walsync.config",
            "PATH")) {
      environment.put(name, "x");
    }

    assertThat(load(environment).warnings()).isEmpty();
  }

  @Test
  void aVariableThatTheFileUsesIsItsAuthorsOwn() throws Exception {
    String yaml = "dbs: [{path: /srv/app.db, replica: {url: 's3://${WALSYNC_BUCKET}/p'}}]";
    Config config = ConfigFile.of(folder, yaml).load(Map.of("WALSYNC_BUCKET", "b"));

    assertThat(config.warnings()).isEmpty();
    assertThat(config.dbs().get(0).replica().url()).isEqualTo("s3://b/p");
  }

  @Test
  void whereTheConfigurationIsHasTheSameOrder() throws Exception {
    Map<String, String> both = Map.of("walsync.config", "p.yml", "WALSYNC_CONFIG", "v.yml");

    assertThat(ConfigPlace.chosen("a.yml", both).file()).hasName("a.yml");
    assertThat(ConfigPlace.chosen("", both).file()).hasName("p.yml");
    assertThat(ConfigPlace.chosen(null, Map.of("WALSYNC_CONFIG", "v.yml")).file()).hasName("v.yml");
    assertThatThrownBy(() -> ConfigPlace.chosen(null, Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("no configuration: ");
  }

  private Config load(Map<String, String> environment) throws IOException, ConfigException {
    return ConfigFile.of(folder, FILE).load(environment);
  }
}
