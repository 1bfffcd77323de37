package io.walsync.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.replica.file.FileReplicaClient;
import io.walsync.replica.s3.S3Fencing;
import io.walsync.replica.s3.S3ReplicaClient;
import io.walsync.replica.s3.S3Settings;
import io.walsync.teststore.EmbeddedS3;
import io.walsync.teststore.Fault;
import io.walsync.teststore.S3Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What stores do when the doctor asks them. */
class StoreProbeTest {

  private static final String BUCKET = "doctor";

  private static EmbeddedS3 store;

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    store = EmbeddedS3.inMemory().createBucket(BUCKET);
  }

  @AfterAll
  static void stop() {
    store.close();
  }

  @AfterEach
  void mend() {
    store.faults().clear();
    for (String key : store.keys(BUCKET, "")) {
      store.delete(BUCKET, key);
    }
  }

  @Test
  void aHealthyStoreIsLeftAsItWas() throws IOException {
    StoreFacts facts = probe(settings());

    assertThat(facts.outcomes).containsOnlyKeys("list", "write", "read", "delete");
    assertThat(facts.outcomes.values()).containsOnly("");
    assertThat(facts.fencing).isEqualTo(S3Fencing.ATOMIC);
    assertThat(facts.medianWriteNanos).isPositive();
    assertThat(facts.left).isNull();
    assertThat(store.keys(BUCKET, "")).isEmpty();
  }

  @Test
  void keysThatMayOnlyReadAreFoundOutWithoutALeftover() throws IOException {
    store.faults().always(S3Operation.PUT_OBJECT, Fault.error(403, "AccessDenied"));

    StoreFacts facts = probe(settings());

    assertThat(facts.isDone(StoreFacts.LIST)).isTrue();
    assertThat(facts.isDone(StoreFacts.READ)).isTrue();
    assertThat(facts.outcomes.get(StoreFacts.WRITE)).contains("AccessDenied");
    assertThat(facts.outcomes).doesNotContainKey(StoreFacts.DELETE);
    assertThat(facts.fencing).isNull();
    assertThat(store.keys(BUCKET, "")).isEmpty();
  }

  @Test
  void whereNothingMayBeDeletedOneObjectIsLeftAndNamed() throws IOException {
    store.faults().always(S3Operation.DELETE_OBJECT, Fault.error(403, "AccessDenied"));

    StoreFacts facts = probe(settings());

    assertThat(facts.outcomes.get(StoreFacts.DELETE)).contains("AccessDenied");
    assertThat(store.keys(BUCKET, "")).containsExactly("app/" + facts.left);
    assertThat(facts.fencingProblem).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"no-such-bucket", BUCKET})
  void aBucketThatIsNotThereAndKeysThatAreWrongEndTheProbeAtOnce(String bucket) throws IOException {
    S3Settings.Builder wrong = settings().bucket(bucket);
    StoreFacts facts = probe(bucket.equals(BUCKET) ? wrong.keys("a-key", "a-secret") : wrong);

    assertThat(facts.outcomes).containsOnlyKeys(StoreFacts.LIST);
    assertThat(facts.isDone(StoreFacts.LIST)).isFalse();
  }

  @Test
  void theClocksAreComparedByTheStoresAnswer() throws IOException {
    try (S3ReplicaClient client = new S3ReplicaClient(settings().build())) {
      StoreFacts facts = new StoreProbe(client, () -> System.currentTimeMillis() + 3_600_000).run();

      assertThat(facts.clockAheadMillis).isBetween(3_500_000L, 3_700_000L);
    }
  }

  @Test
  void aDirectoryIsAskedForItsRightsAlone() throws IOException {
    try (FileReplicaClient client = new FileReplicaClient(folder.toFile())) {
      StoreFacts facts = new StoreProbe(client).run();

      assertThat(facts.outcomes.values()).containsOnly("");
      assertThat(facts.clockAheadMillis).isEqualTo(StoreFacts.UNKNOWN);
      assertThat(facts.fencing).isNull();
      assertThat(facts.left).isNull();
    }
    try (var files = Files.walk(folder)) {
      assertThat(files.filter(Files::isRegularFile)).isEmpty();
    }
  }

  private static S3Settings.Builder settings() {
    return S3Settings.builder()
        .bucket(BUCKET)
        .path("app")
        .endpoint(store.endpoint().toString())
        .forcePathStyle(true)
        .region(store.region())
        .keys(store.accessKey(), store.secretKey());
  }

  private static StoreFacts probe(S3Settings.Builder settings) throws IOException {
    try (S3ReplicaClient client = new S3ReplicaClient(settings.build())) {
      return new StoreProbe(client).run();
    }
  }
}
