package io.walsync.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.testkit.Checkout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ConfigKeysTest {

  private static final Pattern CODE = Pattern.compile("`([^`]+)`");

  /** Litestream v0.5.18's keys. */
  static Stream<Arguments> litestream() {
    String replica =
        "sync-interval validation-interval max-sync-ltx-files auto-recover access-key-id"
            + " secret-access-key region bucket endpoint force-path-style sign-payload"
            + " sign-accept-encoding require-content-md5 put-object-content-md5 skip-verify"
            + " storage-class part-size concurrency sse-customer-algorithm sse-customer-key"
            + " sse-customer-key-path sse-kms-key-id account-name account-key sas-token host user"
            + " password key-path host-key concurrent-writes webdav-url webdav-username"
            + " webdav-password jwt seed creds nkey username token tls root-cas client-cert"
            + " client-key max-reconnects reconnect-wait timeout age";
    return Stream.of(
        Arguments.of(ConfigKeys.REPLICA, "type name path url " + replica),
        Arguments.of(
            ConfigKeys.TOP,
            "addr mcp-addr exec socket levels snapshot validation l0-retention"
                + " l0-retention-check-interval verify-compaction retention heartbeat-url"
                + " heartbeat-interval shutdown-timeout shutdown-sync-timeout"
                + " shutdown-sync-interval logging dbs "
                + replica),
        Arguments.of(
            ConfigKeys.DATABASE,
            "path dir pattern recursive watch meta-path meta-dir snapshot monitor-interval"
                + " checkpoint-interval busy-timeout min-checkpoint-page-count truncate-page-n"
                + " max-sync-wal-bytes restore-if-db-not-exists replica replicas"),
        Arguments.of(ConfigKeys.SNAPSHOT, "interval retention"),
        Arguments.of(ConfigKeys.SOCKET, "enabled path permissions"),
        Arguments.of(ConfigKeys.LOGGING, "level type stderr source"),
        Arguments.of(ConfigKeys.LEVEL, "interval"),
        Arguments.of(ConfigKeys.RETENTION, "enabled"),
        Arguments.of(ConfigKeys.VALIDATION, "interval"),
        Arguments.of(ConfigKeys.AGE, "identities recipients"));
  }

  @ParameterizedTest
  @MethodSource("litestream")
  void everyKeyOfLitestreamIsKnown(KeySet keys, String names) {
    assertThat(keys.keys()).contains(names.split(" "));
  }

  @Test
  void everyKeyIsDocumented() throws Exception {
    String source = Files.readString(Path.of("src/main/java/io/walsync/config/ConfigKeys.java"));
    String text =
        source.substring(0, source.indexOf("public final class")).replaceAll("\\s+\\*?\\s*", " ");
    for (KeySet keys : ConfigKeys.ALL) {
      for (String key : keys.keys()) {
        assertThat(text).contains("{@code " + key + "}");
      }
    }
  }

  /** The first cell of a row has keys in code, those below another in brackets or after a dot. */
  @Test
  void everyKeyIsInATableOfTheConfigurationDocument() throws Exception {
    Set<String> told = new TreeSet<>();
    for (String line :
        Files.readAllLines(Checkout.root().resolve("docs").resolve("CONFIGURATION.md"))) {
      if (line.startsWith("| ")) {
        CODE.matcher(line.split(" \\| ")[0])
            .results()
            .map(found -> found.group(1).replaceFirst(":.*", ""))
            .forEach(key -> told.addAll(List.of(key.split("\\."))));
      }
    }
    for (KeySet keys : ConfigKeys.ALL) {
      assertThat(told).as(keys.name()).containsAll(keys.keys());
    }
  }

  @Test
  void everySecretIsAKey() {
    for (String secret : ConfigKeys.SECRETS) {
      assertThat(ConfigKeys.ALL).anyMatch(keys -> keys.contains(secret));
    }
  }
}
