package io.walsync.replica.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.teststore.EmbeddedS3;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the client in a JVM of its own, whose application has changed every global there is. */
class HostIsolationTest {

  @TempDir static Path folder;

  private static EmbeddedS3 s3;

  @BeforeAll
  static void start() {
    s3 = EmbeddedS3.inMemory().createBucket(S3Bucket.EMBEDDED_BUCKET);
  }

  @AfterAll
  static void stop() {
    s3.close();
  }

  @Test
  void aClientThatIsNotUsedLoadsNothingOfTheSdkNorOpensAnything() throws Exception {
    List<String> classes = classesLoadedBy("construct");

    assertThat(classes).contains("io.walsync.replica.s3.S3ReplicaClient");
    assertThat(of(classes, "software.amazon.", "io.walsync.replica.http.HttpClient")).isEmpty();
  }

  @Test
  void withStaticKeysNoCredentialMachineryNorHttpClientOfTheJdkIsLoaded() throws Exception {
    List<String> classes = classesLoadedBy("use");

    assertThat(of(classes, "software.amazon.awssdk.http.auth.aws.signer.")).isNotEmpty();
    assertThat(
            of(
                classes,
                "software.amazon.awssdk.auth.",
                "software.amazon.awssdk.profiles.",
                "software.amazon.awssdk.regions.",
                "software.amazon.awssdk.core.",
                "sun.net.www.protocol.http.HttpURLConnection",
                "java.net.http.",
                "javax.net.ssl.SSLContext",
                "javax.xml.",
                "java.util.logging."))
        .isEmpty();
  }

  private static List<String> of(List<String> classes, String... prefixes) {
    return classes.stream().filter(name -> Stream.of(prefixes).anyMatch(name::startsWith)).toList();
  }

  private static List<String> classesLoadedBy(String mode) throws Exception {
    Path log = folder.resolve(mode + ".log");
    Process host =
        new ProcessBuilder(
                Paths.get(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xlog:class+load:file=" + log + ":none",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                HostileHost.class.getName(),
                s3.endpoint().toString(),
                s3.accessKey(),
                s3.secretKey(),
                S3Bucket.EMBEDDED_BUCKET,
                mode)
            .redirectOutput(new File(folder.toFile(), mode + ".out"))
            .redirectError(new File(folder.toFile(), mode + ".err"))
            .start();
    if (!host.waitFor(60, TimeUnit.SECONDS)) {
      host.destroyForcibly();
      throw new AssertionError("the application did not end");
    }
    assertThat(output(mode + ".err") + output(mode + ".out")).isEqualTo("fine");
    return Files.readAllLines(log).stream().map(line -> line.split(" ")[0]).toList();
  }

  private static String output(String name) throws IOException {
    return Files.readString(folder.resolve(name));
  }
}
