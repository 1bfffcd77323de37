package io.walsync.it.harness;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.walsync.testkit.Folders;
import io.walsync.testkit.Peers;
import io.walsync.testkit.S3Server;
import io.walsync.testkit.ServerProgram;
import io.walsync.teststore.EmbeddedS3;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;

/**
 * The S3 servers that tests can run against. One of a kind is started at first use and serves all
 * tests of this JVM, each in a bucket of its own. {@code @ParameterizedTest @EnumSource} over it
 * runs a test against each; a kind that is not to be had skips with the reason.
 */
public enum S3Servers {
  EMBEDDED {
    @Override
    S3Server start(Path directory) {
      return EmbeddedS3.onDisk(directory);
    }
  },
  MINIO {
    @Override
    S3Server start(Path directory) {
      assumeTrue(Peers.find("minio").isPresent(), () -> Peers.absence("minio"));
      return ServerProgram.minio("MinIO", Peers.find("minio").orElseThrow(), directory);
    }
  },
  VERSITYGW {
    @Override
    S3Server start(Path directory) {
      assumeTrue(Peers.find("versitygw").isPresent(), () -> Peers.absence("versitygw"));
      return ServerProgram.versitygw(Peers.find("versitygw").orElseThrow(), directory);
    }
  },
  CONTAINER {
    @Override
    S3Server start(Path directory) {
      String image = System.getProperty("s3.image", "");
      assumeTrue(!image.isEmpty(), "no image is named by -Ds3.image=");
      return S3Container.start(image);
    }
  },
  EXTERNAL {
    @Override
    S3Server start(Path directory) {
      String endpoint = System.getProperty("s3.endpoint", "");
      assumeTrue(!endpoint.isEmpty(), "no server is named by -Ds3.endpoint=");
      return S3External.named(endpoint);
    }
  };

  private static final Map<S3Servers, S3Server> RUNNING = new EnumMap<>(S3Servers.class);

  abstract S3Server start(Path directory);

  /** The running server of this kind; skips the calling test if there can be none. */
  public S3Server server() {
    synchronized (RUNNING) {
      if (RUNNING.isEmpty()) {
        Runtime.getRuntime().addShutdownHook(new Thread(S3Servers::stopAll));
      }
      return RUNNING.computeIfAbsent(this, kind -> kind.start(Folders.temporary("s3-server")));
    }
  }

  private static void stopAll() {
    synchronized (RUNNING) {
      RUNNING.values().forEach(S3Server::close);
    }
  }
}
