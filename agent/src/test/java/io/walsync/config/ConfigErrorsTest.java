package io.walsync.config;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a user reads when a file is wrong: one message each, with the place and the way out. */
class ConfigErrorsTest {

  private static final Map<String, String> ENVIRONMENT = Map.of("BUCKET", "bkt");

  @TempDir Path folder;

  /** A valid file with one entry whose lines are given. */
  private static String db(String... lines) {
    return "dbs:\n  - " + String.join("\n    ", lines) + "\n";
  }

  /** A valid file with one entry whose replica has the given lines. */
  private static String replica(String... lines) {
    return "dbs:\n  - path: /a.db\n    replica:\n      " + String.join("\n      ", lines) + "\n";
  }

  private static Arguments error(String yaml, String message) {
    return Arguments.of(yaml, message);
  }

  @ParameterizedTest
  @MethodSource({
    "yaml",
    "unknownKeys",
    "types",
    "databases",
    "replicas",
    "s3",
    "encryption",
    "collisions"
  })
  void everyMistakeHasItsOwnMessage(String yaml, String message) throws Exception {
    assertThat(ConfigFile.of(folder, yaml).problem(ENVIRONMENT).split("\n")).contains(message);
  }

  static Stream<Arguments> yaml() {
    return Stream.of(
        error(
            "- path: /a\n",
            "c.yml: is not a configuration: it must be a mapping of keys such as `dbs:`"),
        error(
            "hello\n",
            "c.yml: is not a configuration: it must be a mapping of keys such as `dbs:`"),
        error(
            "dbs:\n\t- path: /a\n",
            "c.yml:2:1: is not valid YAML: a tab where only spaces are allowed; indent with"
                + " spaces"),
        error(
            "dbs: [\n",
            "c.yml:2:1: is not valid YAML: while parsing a flow node: expected the node content,"
                + " but found '<stream end>'"),
        error("dbs: a: b\n", "c.yml:1:7: is not valid YAML: mapping values are not allowed here"),
        error("dbs: *x\n", "c.yml:1:6: is not valid YAML: found undefined alias x"),
        error("a\u0007: b\n", "c.yml:1: contains the character U+0007, which YAML does not allow"),
        error("? [a]\n: b\n", "c.yml:1:3: a key must be a word"),
        error("<<: 5\n", "c.yml:1:5: `<<` must name a mapping"),
        error(
            "a: ".repeat(1) + "x".repeat(1 << 20),
            "c.yml: is larger than 1048576 bytes: not a" + " configuration file"),
        error("[".repeat(500_000), "c.yml: is nested too deeply"));
  }

  static Stream<Arguments> unknownKeys() {
    return Stream.of(
        error("dbz: []\n", "c.yml:1:1: dbz: unknown key; did you mean `dbs`?"),
        error(
            replica("url: s3://b/p", "sync-intervall: 1s"),
            "c.yml:5:7: dbs[0].replica.sync-intervall: unknown key; did you mean"
                + " `sync-interval`?"),
        error(
            replica("url: s3://b/p", "access_key_id: x"),
            "c.yml:5:7: dbs[0].replica.access_key_id: unknown key; did you mean"
                + " `access-key-id`?"),
        error(
            "snapshot:\n  intervall: 1h\n",
            "c.yml:2:3: snapshot.intervall: unknown key; did you mean `interval`?"),
        error(
            "logging:\n  levl: info\n",
            "c.yml:2:3: logging.levl: unknown key; did you mean `level`?"),
        error(
            "socket:\n  enable: true\n",
            "c.yml:2:3: socket.enable: unknown key; did you mean `enabled`?"),
        error(
            "levels:\n  - intervl: 1m\n",
            "c.yml:2:5: levels[0].intervl: unknown key; did you mean `interval`?"),
        error(
            "retention:\n  enable: no\n",
            "c.yml:2:3: retention.enable: unknown key; did you mean `enabled`?"),
        error(
            "validation:\n  intervals: 1m\n",
            "c.yml:2:3: validation.intervals: unknown key; did you mean `interval`?"));
  }

  static Stream<Arguments> types() {
    return Stream.of(
        error(
            "dbs: {}\n",
            "c.yml:1:6: dbs: must be a list (lines that start with \"-\"), not a mapping of keys"),
        error(
            "dbs:\n  - /a.db\n",
            "c.yml:2:5: dbs[0]: must be a mapping of keys, not a single value"),
        error("dbs: [[]]\n", "c.yml:1:7: dbs[0]: must be a mapping of keys, not a list"),
        error(db("path: [a]"), "c.yml:2:11: dbs[0].path: must be a single value, not a list"),
        error(
            db("path: {a: b}"),
            "c.yml:2:11: dbs[0].path: must be a single value, not a mapping of keys"),
        error(
            db("dir: /a", "pattern: '*'", "recursive: maybe"),
            "c.yml:4:16: dbs[0].recursive: must be true or false, not \"maybe\""),
        error(
            db("path: /a", "min-checkpoint-page-count: many"),
            "c.yml:3:32: dbs[0].min-checkpoint-page-count: must be a whole number from 1 to"
                + " 1000000, not \"many\""),
        error(
            db("path: /a", "staging-max-bytes: lots"),
            "c.yml:3:24: dbs[0].staging-max-bytes: \"lots\" is not a size; write bytes or a number"
                + " with a unit, such as 5MiB or 1GB"),
        error(
            db("path: /a", "staging-max-bytes: 1MB"),
            "c.yml:3:24: dbs[0].staging-max-bytes: must be from 16 MiB to 1 TiB, not \"1MB\""),
        error(
            db("path: /a", "journal-mode: delete"),
            "c.yml:3:19: dbs[0].journal-mode: must be one of wal, keep, not \"delete\""),
        error(
            db("path: /a", "page-encoding: zstd"),
            "c.yml:3:20: dbs[0].page-encoding: must be one of frame, block, not \"zstd\""),
        error(
            db("path: /a", "behind: perhaps"),
            "c.yml:3:13: dbs[0].behind: must be one of continue, refuse, not \"perhaps\""),
        error(
            db("path: /a", "checkpointer: nobody"),
            "c.yml:3:19: dbs[0].checkpointer: must be one of agent, application, not \"nobody\""),
        error(
            db("path: /a", "restore-if-db-not-exists: 5"),
            "c.yml:3:31: dbs[0].restore-if-db-not-exists: must be true or false, not \"5\""),
        error(
            replica("url: s3://b/p", "sync-interval: 0"),
            "c.yml:5:22: dbs[0].replica.sync-interval: must be from 1ms to 24h, not \"0\""),
        error(
            replica("path: \"a\\nb\""),
            "c.yml:4:13: dbs[0].replica.path: contains a control character"));
  }

  static Stream<Arguments> databases() {
    return Stream.of(
        error(
            db("path: /a", "dir: /b"),
            "c.yml:3:10: dbs[0].dir: contradicts `path`; an entry has one or the other"),
        error(
            db("replica: {url: 's3://b/p'}"),
            "c.yml:2:5: dbs[0]: needs a `path`, or a `dir` with a `pattern`"),
        error(
            db("path: $NOWHERE", "replica: {url: 's3://b/p'}"),
            "c.yml:2:11: dbs[0].path: is empty, since its variable is not set in the environment"),
        error(db("path: ${NOWHERE"), "c.yml:2:11: dbs[0].path: \"${\" has no closing \"}\""),
        error(db("path: /a${}"), "c.yml:2:11: dbs[0].path: \"${}\" names no variable"),
        error(
            db("dir: /a"),
            "c.yml:2:5: dbs[0]: `dir` needs a `pattern` beside it, such as \"*.db\""),
        error(
            db("dir: /a", "pattern: a/*.db"),
            "c.yml:3:14: dbs[0].pattern: is matched against file names and must not contain"
                + " \"/\""),
        error(
            db("dir: /a", "pattern: '[a'"),
            "c.yml:3:14: dbs[0].pattern: has a \"[\" without characters and a closing \"]\""),
        error(
            db("path: jdbc:sqlite:/a.db"),
            "c.yml:2:11: dbs[0].path: must be a path, not a JDBC URL; leave out \"jdbc:sqlite:\""),
        error(db("path: s3://b/p"), "c.yml:2:11: dbs[0].path: must be a path, not a URL"),
        error(
            db("path: ':memory:'"), "c.yml:2:11: dbs[0].path: must be the path of a database file"),
        error(
            db("path: sqlite://"), "c.yml:2:11: dbs[0].path: must be the path of a database file"),
        error(
            db("path: /a", "meta-dir: /m"),
            "c.yml:3:15: dbs[0].meta-dir: is for many databases; use `meta-path` for one"),
        error(
            db("dir: /a", "pattern: '*'", "meta-path: /m", "meta-dir: /m"),
            "c.yml:5:15: dbs[0].meta-dir: contradicts `meta-path`; an entry has one or the other"),
        error(db("path: /a"), "c.yml:2:5: dbs[0]: needs a `replica`"),
        error(
            db("path: /a", "replica: {url: 's3://b/p'}", "replicas: []"),
            "c.yml:4:15: dbs[0].replicas: contradicts `replica`; keep `replica`"),
        error(
            db("path: /a", "replicas: []"),
            "c.yml:3:15: dbs[0].replicas: must have exactly one element, not 0; a database has one"
                + " replica"),
        error(
            db("path: /a", "replicas: [{}, {}]"),
            "c.yml:3:15: dbs[0].replicas: must have exactly one element, not 2; a database has one"
                + " replica"),
        error(
            db("path: /a", "replica: s3://b/p"),
            "c.yml:3:14: dbs[0].replica: must be a mapping of keys, not a single value"),
        error(
            "dbs:\n"
                + "  - {path: /a, snapshot: {interval: 1h}, replica: {url: 's3://b/a'}}\n"
                + "  - {path: /b, snapshot: {interval: 2h}, replica: {url: 's3://b/b'}}\n",
            "c.yml:3:37: dbs[1].snapshot.interval: differs from dbs[0].snapshot.interval at"
                + " c.yml:2; snapshots have one interval for all databases"));
  }

  static Stream<Arguments> replicas() {
    return Stream.of(
        error(
            replica("sync-interval: 1s"),
            "c.yml:4:7: dbs[0].replica: needs a `url` such as s3://bucket/path, or a `path` for a"
                + " directory"),
        error(
            replica("path: /x", "url: file:///y"),
            "c.yml:4:13: dbs[0].replica.path: contradicts `url`; a replica has one or the other"),
        error(
            replica("path: s3://b/p"),
            "c.yml:4:13: dbs[0].replica.path: must not be a URL; use `url`"),
        error(
            replica("type: sftp", "host: h"),
            "c.yml:4:13: dbs[0].replica.type: replicas of type sftp cannot be written yet; those"
                + " that can are s3 and file"),
        error(
            replica("url: gs://b/p"),
            "c.yml:4:12: dbs[0].replica.url: replicas of type gs cannot be written yet; those that"
                + " can are s3 and file"),
        error(
            replica("url: abs://account@container/path"),
            "c.yml:4:12: dbs[0].replica.url: replicas of type abs cannot be written yet; those"
                + " that can are s3 and file"),
        error(
            replica("url: sftp://user:pw@host:22/path"),
            "c.yml:4:12: dbs[0].replica.url: replicas of type sftp cannot be written yet; those"
                + " that can are s3 and file"),
        error(
            replica("url: nats://host:4222/bucket"),
            "c.yml:4:12: dbs[0].replica.url: replicas of type nats cannot be written yet; those"
                + " that can are s3 and file"),
        error(
            replica("url: webdavs://host/path"),
            "c.yml:4:12: dbs[0].replica.url: replicas of type webdavs cannot be written yet; those"
                + " that can are s3 and file"),
        error(
            replica("url: oss://b/p"),
            "c.yml:4:12: dbs[0].replica.url: replicas of type oss cannot be written yet; those"
                + " that can are s3 and file"),
        error(
            replica("type: ftp", "path: p"),
            "c.yml:4:13: dbs[0].replica.type: unknown replica type \"ftp\"; use s3 or file"),
        error(
            replica("url: s3://b/p", "age: {recipients: [age1x]}"),
            "c.yml:5:25: dbs[0].replica.age.recipients: encryption with age is not supported, the"
                + " data would be stored in the clear; remove it, or use sse-kms-key-id or"
                + " sse-customer-key"),
        error(
            "age: {identities: [k]}\n" + replica("url: s3://b/p"),
            "c.yml:1:19: age.identities: encryption with age is not supported, the data would be"
                + " stored in the clear; remove it, or use sse-kms-key-id or sse-customer-key"));
  }

  static Stream<Arguments> s3() {
    return Stream.of(
        error(
            replica("type: s3", "path: p"),
            "c.yml:4:7: dbs[0].replica: needs a `bucket`, or a `url` such as s3://bucket/path"),
        error(
            replica("type: s3", "bucket: $NOWHERE", "path: p"),
            "c.yml:5:15: dbs[0].replica.bucket: is empty, since its variable is not set in the"
                + " environment"),
        error(
            replica("url: s3://b/p", "path: q"),
            "c.yml:5:13: dbs[0].replica.path: contradicts `url`; a replica has one or the other"),
        error(
            replica("url: s3://b/p", "bucket: q"),
            "c.yml:5:15: dbs[0].replica.bucket: contradicts `url`; a replica has one or the"
                + " other"),
        error(
            replica("url: s3:///p"),
            "c.yml:4:12: dbs[0].replica.url: names no bucket; write"
                + " s3://bucket/path?endpoint=http://host:port"),
        error(
            replica("url: s3://localhost:9000/b/p"),
            "c.yml:4:12: dbs[0].replica.url: names no bucket; write"
                + " s3://bucket/path?endpoint=http://host:port"),
        error(
            replica("url: s3://127.0.0.1:9000/b/p"),
            "c.yml:4:12: dbs[0].replica.url: names no bucket; write"
                + " s3://bucket/path?endpoint=http://host:port"),
        error(
            replica("url: s3://my.bucket.com:9000/p"),
            "c.yml:4:12: dbs[0].replica.url: is not the name of a bucket (letters, digits, dots,"
                + " hyphens)"),
        error(
            replica("type: s3", "bucket: a/b", "path: p"),
            "c.yml:5:15: dbs[0].replica.bucket: is not the name of a bucket (letters, digits,"
                + " dots, hyphens)"),
        error(
            replica("url: s3://arn:aws:s3:eu-west-1:1:bucket"),
            "c.yml:4:12: dbs[0].replica.url: is not the ARN of an access point and a path"),
        error(
            replica("url: s3://arn:aws:accesspoint/x/p"),
            "c.yml:4:12: dbs[0].replica.url: is not the ARN of an access point and a path"),
        error(
            replica("url: s3://arn:aws:s3:eu:west:1:accesspoint/x/p"),
            "c.yml:4:12: dbs[0].replica.url: is not the ARN of an access point and a path"),
        error(
            replica("url: s3://b/a%0ab"),
            "c.yml:4:12: dbs[0].replica.url: has a control character in its path"),
        error(
            replica("url: s3://b/%zz"),
            "c.yml:4:12: dbs[0].replica.url: has a \"%\" without two hex digits; write %25"),
        error(
            replica("url: s3://b/%ff"),
            "c.yml:4:12: dbs[0].replica.url: has percent-encoded bytes that are not UTF-8"),
        error(
            replica("url: s3://b/p?regio=x"),
            "c.yml:4:12: dbs[0].replica.url: unknown parameter `regio`; did you mean `region`?"),
        error(
            replica("url: s3://b/p?forcepathstyl=x"),
            "c.yml:4:12: dbs[0].replica.url: unknown parameter `forcepathstyl`; did you mean"
                + " `forcePathStyle`?"),
        error(
            replica("url: s3://b/p?region=x&region=y"),
            "c.yml:4:12: dbs[0].replica.url: has the parameter region twice"),
        error(
            replica("url: s3://b/p?partSize=5MiB&part-size=5MiB"),
            "c.yml:4:12: dbs[0].replica.url?part-size: is given twice in the URL, in two"
                + " spellings"),
        error(
            replica("type: s3", "bucket: b", "path: s3://b/p"),
            "c.yml:6:13: dbs[0].replica.path: must not be a URL; use `url`"),
        error(
            replica("url: s3://b/p", "endpoint: http://u:p@h"),
            "c.yml:5:17: dbs[0].replica.endpoint: must not contain credentials; use access-key-id"
                + " and secret-access-key"),
        error(
            replica("url: s3://b/p?endpoint=h/path%20x"),
            "c.yml:4:12: dbs[0].replica.url?endpoint: must be a host, or http:// or https:// and a"
                + " host, with at most a path after it"),
        error(
            replica("url: s3://b/p", "sign-payload: 2"),
            "c.yml:5:21: dbs[0].replica.sign-payload: must be true or false, not \"2\""));
  }

  static Stream<Arguments> encryption() {
    String key = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";
    return Stream.of(
        error(
            replica("url: s3://b/p", "sse-customer-algorithm: AES128", "sse-customer-key: " + key),
            "c.yml:5:31: dbs[0].replica.sse-customer-algorithm: must be AES256"),
        error(
            replica("url: s3://b/p", "sse-customer-key: " + key, "sse-kms-key-id: k"),
            "c.yml:5:25: dbs[0].replica.sse-customer-key: contradicts `sse-kms-key-id`; objects"
                + " are encrypted one way or the other"),
        error(
            replica("url: s3://b/p", "server-side-encryption: AES128"),
            "c.yml:5:31: dbs[0].replica.server-side-encryption: must be AES256 (keys of the store)"
                + " or aws:kms"),
        error(
            replica("url: s3://b/p", "server-side-encryption: AES256", "sse-kms-key-id: k"),
            "c.yml:5:31: dbs[0].replica.server-side-encryption: contradicts `sse-kms-key-id`;"
                + " objects are encrypted one way or the other"),
        error(
            replica("url: s3://b/p", "sse-customer-key: " + key, "server-side-encryption: AES256"),
            "c.yml:5:25: dbs[0].replica.sse-customer-key: contradicts `server-side-encryption`;"
                + " objects are encrypted one way or the other"),
        error(
            replica("url: s3://b/p", "sse-customer-key: c2hvcnQ="),
            "c.yml:5:25: dbs[0].replica.sse-customer-key: must hold 32 bytes in base64"),
        error(
            replica("url: s3://b/p", "sse-customer-key: '%%%'"),
            "c.yml:5:25: dbs[0].replica.sse-customer-key: must hold 32 bytes in base64"),
        error(
            replica("url: s3://b/p", "sse-customer-key-path: /nowhere/key"),
            "c.yml:5:30: dbs[0].replica.sse-customer-key-path: cannot be read: /nowhere/key (No"
                + " such file or directory)"),
        error(
            replica("url: s3://b/p", "endpoint: http://example.com", "sse-customer-key: " + key),
            "c.yml:6:25: dbs[0].replica.sse-customer-key: would be sent in the clear; use an https"
                + " endpoint"));
  }

  static Stream<Arguments> collisions() {
    return Stream.of(
        error(
            "dbs:\n"
                + "  - {path: /a/x.db, replica: {url: 's3://b/1'}}\n"
                + "  - {path: /a/../a/x.db, replica: {url: 's3://b/2'}}\n",
            "c.yml:3:5: dbs[1]: /a/x.db is listed already at c.yml:2"),
        error(
            "dbs:\n"
                + "  - {path: /a.db, replica: {url: 's3://b/p'}}\n"
                + "  - {path: /b.db, replica: {url: 's3://b/p/'}}\n",
            "c.yml:3:5: dbs[1]: can write to the same replica path as the entry at c.yml:2"
                + " (s3://b/p); give each its own path"),
        error(
            "dbs:\n"
                + "  - {path: /a.db, meta-path: /m, replica: {url: 's3://b/1'}}\n"
                + "  - {path: /b.db, meta-path: /m, replica: {url: 's3://b/2'}}\n",
            "c.yml:3:5: dbs[1]: shares its meta-path with the entry at c.yml:2"));
  }

  @Test
  void allErrorsOfAFileAreReportedAtOnceInItsOrder() throws Exception {
    String yaml =
        String.join(
            "\n",
            "shutdown-timeout: soon",
            "loging: {level: info}",
            "dbs:",
            "  - path: /a.db",
            "    busy-timeout: a while",
            "    replica: {url: 's3://b/a', sync-intervall: 1s, concurrency: many}",
            "  - path: /b.db",
            "    journal-mode: delete",
            "    replcia: {url: 's3://b/b'}",
            "  - dir: /c",
            "    replica: {url: 'ftp://b/c', skip-verify: perhaps}",
            "  - /d.db");
    assertThat(ConfigFile.of(folder, yaml).problem(ENVIRONMENT).split("\n"))
        .containsExactly(
            "c.yml:1:19: shutdown-timeout: \"soon\" is not a duration; write numbers with units,"
                + " such as 10s, 500ms or 1m30s",
            "c.yml:2:1: loging: unknown key; did you mean `logging`?",
            "c.yml:5:19: dbs[0].busy-timeout: \"a while\" is not a duration; write numbers with"
                + " units, such as 10s, 500ms or 1m30s",
            "c.yml:6:32: dbs[0].replica.sync-intervall: unknown key; did you mean"
                + " `sync-interval`?",
            "c.yml:6:65: dbs[0].replica.concurrency: must be a whole number from 1 to 16, not"
                + " \"many\"",
            "c.yml:8:19: dbs[1].journal-mode: must be one of wal, keep, not \"delete\"",
            "c.yml:9:5: dbs[1].replcia: unknown key; did you mean `replica`?",
            "c.yml:10:5: dbs[2]: `dir` needs a `pattern` beside it, such as \"*.db\"",
            "c.yml:11:20: dbs[2].replica.url: unknown replica type \"ftp\"; use s3 or file",
            "c.yml:12:5: dbs[3]: must be a mapping of keys, not a single value");
  }

  @Test
  void moreErrorsThanAnybodyReadsAreCounted() throws Exception {
    StringBuilder yaml = new StringBuilder();
    for (int i = 0; i < 60; i++) {
      yaml.append("loggin: ").append(i).append('\n');
    }
    assertThat(ConfigFile.of(folder, yaml.toString()).problem(ENVIRONMENT).split("\n"))
        .hasSize(51)
        .endsWith("and 10 more");
  }

  @Test
  void aMissingFileIsNamed() {
    assertThat(new ConfigFile(folder, folder.resolve("c.yml")).problem(ENVIRONMENT))
        .isEqualTo("c.yml: there is no such configuration file");
  }

  @Test
  void aDirectoryIsNoFile() {
    assertThat(new ConfigFile(folder.getParent(), folder).problem(ENVIRONMENT))
        .isEqualTo(folder.getFileName() + ": is a directory, not a configuration file");
  }

  @Test
  void aFileThatCannotBeReadIsNamedWithTheReason() {
    File memory = new File("/proc/self/mem");
    org.junit.jupiter.api.Assumptions.assumeTrue(memory.exists());
    assertThat(new ConfigFile(Path.of("/proc/self"), memory.toPath()).problem(ENVIRONMENT))
        .isEqualTo("mem: cannot be read: Input/output error");
  }

  @Test
  void textInAnotherEncodingIsRejectedWithItsLine() throws Exception {
    byte[] latin1 = "dbs:\n  - path: /donn\u00e9es.db\n".getBytes(ISO_8859_1);
    assertThat(ConfigFile.of(folder, latin1).problem(ENVIRONMENT))
        .isEqualTo("c.yml:2: is not UTF-8 text");
  }

  @Test
  void aCutOffCharacterAtTheEndIsRejected() throws Exception {
    assertThat(ConfigFile.of(folder, new byte[] {'a', ':', (byte) 0xc3}).problem(ENVIRONMENT))
        .isEqualTo("c.yml:1: is not UTF-8 text");
  }

  @Test
  void aBombOfAliasesIsRejected() throws Exception {
    StringBuilder yaml = new StringBuilder("a: &a []\ndbs:\n");
    for (int i = 0; i <= YamlFile.MAX_ALIAS_COUNT; i++) {
      yaml.append("  - *a\n");
    }
    assertThat(ConfigFile.of(folder, yaml.toString()).problem(ENVIRONMENT))
        .isEqualTo(
            "c.yml: is not valid YAML: Number of aliases for non-scalar nodes exceeds the specified max=20000");
  }

  @Test
  void aMappingMergedIntoItselfIsRejected() throws Exception {
    assertThat(ConfigFile.of(folder, "&a\n<<: *a\n").problem(ENVIRONMENT)).startsWith("c.yml:");
  }

  @Test
  void noMessageShowsASecret() throws Exception {
    String secret = "hunter2";
    for (String key : ConfigKeys.SECRETS) {
      for (String value : new String[] {"[" + secret + "]", "\"" + secret + "\\n\""}) {
        String yaml = replica("type: s3", "bucket: b", "path: p", key + ": " + value);
        assertThat(ConfigFile.of(folder, yaml).problem(ENVIRONMENT)).doesNotContain(secret);
      }
    }
    for (String url : new String[] {"s3://k:hunter2@b/p", "s3://b/p?secret-access-key=hunter2"}) {
      assertThat(ConfigFile.of(folder, replica("url: " + url)).warnings(ENVIRONMENT))
          .hasSize(1)
          .noneMatch(warning -> warning.contains(secret));
    }
    String broken = "secret-access-key: 'hunter2\ndbs: []\n";
    assertThat(ConfigFile.of(folder, broken).problem(ENVIRONMENT)).doesNotContain(secret);
    assertThat(Files.exists(folder)).isTrue();
  }
}
