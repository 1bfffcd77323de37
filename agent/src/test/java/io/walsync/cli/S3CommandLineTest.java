package io.walsync.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.replica.LtxFileInfo;
import io.walsync.teststore.EmbeddedS3;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From the words a user types to the requests an S3 server sees. */
class S3CommandLineTest {

  private static final String BUCKET = "walsync";

  private static EmbeddedS3 server;

  @TempDir Path folder;
  private Shell shell;
  private Path output;

  @BeforeAll
  static void start() {
    server = EmbeddedS3.inMemory().createBucket(BUCKET);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void fill() throws Exception {
    SampleReplica replica = SampleReplica.create(folder.resolve("replica"), folder, 2);
    put(replica.file(LtxFileInfo.LEVEL_SNAPSHOT, 1, 1), "0009");
    put(replica.file(LtxFileInfo.LEVEL_L0, 2, 2), "0000");
    output = folder.resolve("out.db");
    shell =
        new Shell(folder)
            .set("LITESTREAM_ACCESS_KEY_ID", server.accessKey())
            .set("LITESTREAM_SECRET_ACCESS_KEY", server.secretKey());
  }

  private static void put(Path file, String level) throws Exception {
    server.put(BUCKET, "a/b/" + level + "/" + file.getFileName(), Files.readAllBytes(file));
  }

  private static String url(String path) {
    return "s3://" + BUCKET + "/" + path + "?endpoint=" + server.endpoint();
  }

  @Test
  void aDatabaseIsRestoredFromAUrl() throws Exception {
    Shell.Outcome outcome = shell.run("restore", "-o", output.toString(), url("a/b"));

    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.out()).contains("from s3://walsync/a/b: TXID 0000000000000002 of ");
    assertThat(SampleReplica.rowCount(output)).isEqualTo(2);
  }

  @Test
  void aDatabaseIsRestoredWithTheKeysOfTheConfiguration() throws Exception {
    Path config =
        Files.writeString(
            folder.resolve("c.yml"),
            """
            access-key-id: %s
            secret-access-key: ${SECRET}
            dbs:
              - path: %s
                replica: {type: s3, bucket: %s, path: a/b, endpoint: "%s"}
            """
                .formatted(server.accessKey(), output, BUCKET, server.endpoint()));
    Shell.Outcome outcome =
        new Shell(folder)
            .set("SECRET", server.secretKey())
            .run("restore", "-config", config.toString(), output.toString());

    assertThat(outcome.err()).isEmpty();
    assertThat(SampleReplica.rowCount(output)).isEqualTo(2);
  }

  @Test
  void aReplicaOfLitestream03IsNoEmptyOne() throws Exception {
    String snapshot = "/generations/0123456789abcdef/snapshots/00000000.snapshot.lz4";
    server.put(BUCKET, "old" + snapshot, new byte[10]);
    server.put(BUCKET, "a/b" + snapshot, new byte[10]);
    Shell.Outcome outcome =
        shell.run("restore", "-if-replica-exists", "-o", output.toString(), url("old"));

    assertThat(outcome.exitCode()).isEqualTo(ExitCode.UNREADABLE);
    assertThat(outcome.err())
        .contains("s3://walsync/old holds a replica in the format of Litestream v0.3")
        .contains("litestream restore -o FILE s3://walsync/old");
    assertThat(shell.run("ltx", url("old")).exitCode()).isEqualTo(ExitCode.UNREADABLE);
    assertThat(shell.run("restore", "-o", output.toString(), url("a/b")).exitCode()).isZero();
    assertThat(shell.run("ltx", "-level", "3", url("a/b")).exitCode()).isZero();
  }

  @Test
  void anEmptyPathHasNoBackup() {
    assertThat(shell.run("restore", "-o", output.toString(), url("other")).exitCode())
        .isEqualTo(ExitCode.NO_BACKUP);
    assertThat(shell.run("ltx", url("other")).out()).hasLineCount(3);
    assertThat(shell.run("ltx", "-level", "all", url("a/b")).out()).hasLineCount(5);
  }

  @Test
  void aWrongKeyOrBucketIsNoProofThatThereIsNoBackup() {
    shell.set("LITESTREAM_SECRET_ACCESS_KEY", "hunter2");
    Shell.Outcome wrongKey =
        shell.run("restore", "-if-replica-exists", "-o", output.toString(), url("a/b"));
    assertThat(wrongKey.exitCode()).isEqualTo(ExitCode.UNREADABLE);
    assertThat(wrongKey.err())
        .startsWith("walsync: the replica could not be read: ")
        .doesNotContain("hunter2")
        .hasLineCount(1);
    shell.set("LITESTREAM_SECRET_ACCESS_KEY", server.secretKey());
    String missing = "s3://missing-bucket/a?endpoint=" + server.endpoint();
    Shell.Outcome wrongBucket =
        shell.run("restore", "-if-replica-exists", "-o", output.toString(), missing);
    assertThat(wrongBucket.exitCode()).isEqualTo(ExitCode.UNREADABLE);
    assertThat(wrongBucket.err()).contains("missing-bucket").hasLineCount(1);
    assertThat(output).doesNotExist();
  }
}
