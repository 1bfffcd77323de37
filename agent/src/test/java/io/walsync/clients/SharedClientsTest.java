package io.walsync.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.walsync.config.ConfigLoader;
import io.walsync.config.ReplicaConfig;
import io.walsync.io.FileAccess;
import io.walsync.replica.ReplicaClient;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SharedClientsTest {

  private static final byte[] EMPTY_LISTING =
      "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>"
          .getBytes(StandardCharsets.UTF_8);

  private final Set<Integer> clientPorts = ConcurrentHashMap.newKeySet();
  private final SharedClients clients = new SharedClients();
  private HttpServer server;

  @BeforeEach
  void start() throws Exception {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          clientPorts.add(exchange.getRemoteAddress().getPort());
          exchange.sendResponseHeaders(200, EMPTY_LISTING.length);
          exchange.getResponseBody().write(EMPTY_LISTING);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void replicasOfOneBucketShareItsConnections() throws Exception {
    for (int i = 0; i < 10; i++) {
      ReplicaClient client = clients.open(replica("bkt/app-" + i, "id"), FileAccess.BY_UMASK);
      client.init();
      assertThat(client.url()).isEqualTo("s3://bkt/app-" + i);
    }
    assertThat(clientPorts).hasSize(1);
  }

  @Test
  void anotherBucketAndOtherKeysHaveConnectionsOfTheirOwn() throws Exception {
    clients.open(replica("bkt/app", "id"), FileAccess.BY_UMASK).init();
    clients.open(replica("other/app", "id"), FileAccess.BY_UMASK).init();
    clients.open(replica("bkt/app", "somebody"), FileAccess.BY_UMASK).init();
    assertThat(clientPorts).hasSize(3);
  }

  private ReplicaConfig replica(String place, String accessKeyId) throws Exception {
    String endpoint = "http://127.0.0.1:" + server.getAddress().getPort();
    return ConfigLoader.replica(
        "s3://" + place + "?endpoint=" + endpoint + "&region=r&forcePathStyle=true",
        Map.of("LITESTREAM_ACCESS_KEY_ID", accessKeyId, "LITESTREAM_SECRET_ACCESS_KEY", "secret"));
  }
}
