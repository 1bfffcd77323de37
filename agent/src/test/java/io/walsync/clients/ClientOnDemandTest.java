package io.walsync.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.walsync.config.ConfigLoader;
import io.walsync.config.ReplicaConfig;
import io.walsync.io.FileAccess;
import io.walsync.teststore.AgentLines;
import io.walsync.teststore.EmbeddedS3;
import io.walsync.teststore.Fault;
import io.walsync.teststore.S3Operation;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ClientOnDemandTest {

  private static final String BUCKET = "on-demand";

  private static EmbeddedS3 s3;

  private final FencingProbe fencing = new FencingProbe();
  private final AbandonedUploads abandoned = new AbandonedUploads();
  private final AtomicInteger openCount = new AtomicInteger();

  @BeforeAll
  static void start() {
    s3 = EmbeddedS3.inMemory().createBucket(BUCKET);
  }

  @AfterAll
  static void stop() {
    s3.close();
  }

  @AfterEach
  void clear() {
    s3.faults().clear();
    s3.requests().reset();
  }

  @Test
  void aBucketIsAskedOnceWhetherItHonoursConditions() throws Exception {
    try (ClientOnDemand first = onDemand();
        ClientOnDemand second = onDemand()) {
      first.get();
      first.get();
      second.get();
    }
    assertThat(s3.requests().count(S3Operation.PUT_OBJECT)).isEqualTo(9);
  }

  @Test
  void aBucketThatCouldNotAnswerIsAskedAgain() throws Exception {
    s3.faults().next(S3Operation.PUT_OBJECT, Fault.error(500, "InternalError"));
    try (ClientOnDemand client = onDemand()) {
      client.get();
      assertThat(s3.requests().count(S3Operation.PUT_OBJECT)).isEqualTo(1);

      client.get();
      client.get();
    }
    assertThat(s3.requests().count(S3Operation.PUT_OBJECT)).isEqualTo(10);
  }

  @Test
  void keysThatMayNotAskAreToldOnce() throws Exception {
    s3.faults().always(S3Operation.PUT_OBJECT, Fault.error(403, "AccessDenied"));
    try (AgentLines lines = new AgentLines();
        ClientOnDemand client = onDemand()) {
      client.get();
      client.get();

      assertThat(lines.with("WARN", "could not be tried", "access denied")).hasSize(1);
    }
    assertThat(s3.requests().count(S3Operation.PUT_OBJECT)).isEqualTo(1);
  }

  @Test
  void keysThatMayNotListUploadsReplicateAllTheSame() throws Exception {
    s3.faults().always(S3Operation.LIST_UPLOADS, Fault.error(403, "AccessDenied"));
    try (AgentLines lines = new AgentLines();
        ClientOnDemand first = onDemand();
        ClientOnDemand second = onDemand()) {
      first.get().begin();
      second.get().begin();

      assertThat(lines.with("s3:ListBucketMultipartUploads")).hasSize(1);
    }
  }

  @Test
  void unfinishedUploadsAreLookedForOnceAndNotBeforeTheReplicaIsBegun() throws Exception {
    try (ClientOnDemand client = onDemand()) {
      client.get();
      assertThat(s3.requests().count(S3Operation.LIST_UPLOADS)).isZero();

      client.get().begin();
      client.get().begin();

      assertThat(s3.requests().count(S3Operation.LIST_UPLOADS)).isEqualTo(1);
    }
  }

  @Test
  void aStartThatFailsIsTriedAgainWithTheSameClient() throws Exception {
    s3.faults().next(S3Operation.LIST_OBJECTS, Fault.error(500, "InternalError"));
    try (ClientOnDemand client = onDemand()) {
      assertThatThrownBy(client::get).isInstanceOf(UncheckedIOException.class);

      client.get();
    }
    assertThat(openCount).hasValue(1);
  }

  private ClientOnDemand onDemand() throws Exception {
    ReplicaConfig replica =
        ConfigLoader.replica(
            "s3://" + BUCKET + "/" + UUID.randomUUID() + "?endpoint=" + s3.endpoint(),
            Map.of(
                "LITESTREAM_ACCESS_KEY_ID",
                s3.accessKey(),
                "LITESTREAM_SECRET_ACCESS_KEY",
                s3.secretKey()));
    return new ClientOnDemand(
        (config, access) -> {
          openCount.incrementAndGet();
          return ReplicaClients.open(config, access);
        },
        fencing,
        abandoned,
        replica,
        FileAccess.BY_UMASK);
  }
}
