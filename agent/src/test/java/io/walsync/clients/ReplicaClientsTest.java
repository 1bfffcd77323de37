package io.walsync.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.config.ConfigLoader;
import io.walsync.config.ReplicaConfig;
import io.walsync.replica.ReplicaClient;
import io.walsync.replica.file.FileReplicaClient;
import io.walsync.replica.s3.S3ReplicaClient;
import io.walsync.replica.s3.S3Settings;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReplicaClientsTest {

  private static ReplicaConfig replica(String url) throws Exception {
    return ConfigLoader.replica(
        url, Map.of("LITESTREAM_ACCESS_KEY_ID", "id", "LITESTREAM_SECRET_ACCESS_KEY", "secret"));
  }

  @Test
  void aDirectoryIsAFileReplica() throws Exception {
    try (ReplicaClient client = ReplicaClients.open(replica("file:///backup/app"))) {
      assertThat(client).isInstanceOf(FileReplicaClient.class);
      assertThat(client.url()).isEqualTo("file:///backup/app");
    }
  }

  @Test
  void everySettingReachesTheS3Client() throws Exception {
    S3Settings settings =
        replica("s3://bkt/a/b?endpoint=http://h:9000&region=r&partSize=7MiB&forcePathStyle=true")
            .s3();

    assertThat(settings.bucket()).isEqualTo("bkt");
    assertThat(settings.path()).isEqualTo("a/b");
    assertThat(settings.endpoint()).isEqualTo(URI.create("http://h:9000"));
    assertThat(settings.region()).isEqualTo("r");
    assertThat(settings.forcePathStyle()).isTrue();
    assertThat(settings.hasStaticKeys()).isTrue();
    assertThat(settings.partSizeBytes()).isEqualTo(7L << 20);
  }

  @Test
  void everyPartSizeAndConcurrencyThatTheConfigurationAllowsIsAccepted() throws Exception {
    for (String size : new String[] {"5MiB", "5GiB"}) {
      for (int concurrency : new int[] {1, 16}) {
        ReplicaConfig config =
            replica("s3://bkt/p?partSize=" + size + "&concurrency=" + concurrency);
        try (ReplicaClient client = ReplicaClients.open(config)) {
          assertThat(client).isInstanceOf(S3ReplicaClient.class);
        }
      }
    }
  }

  @Test
  void theUrlInMessagesIsTheSameOnBothSides() throws Exception {
    for (String url : new String[] {"s3://bkt/p", "s3://bkt/a/b", "file:///x/y"}) {
      ReplicaConfig config = replica(url);
      try (ReplicaClient client = ReplicaClients.open(config)) {
        assertThat(client.url()).isEqualTo(config.url());
      }
    }
  }
}
