package io.walsync.it.harness;

import io.walsync.testkit.S3Server;
import java.net.URI;
import java.time.Duration;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/** An S3 server in a container: the MinIO-compatible image that {@code -Ds3.image=} names. */
final class S3Container implements S3Server {

  private static final int PORT = 9000;
  private static final String ACCESS_KEY = "walsync-it";
  private static final String SECRET_KEY = "walsync-it-secret";

  private final GenericContainer<?> container;

  private S3Container(GenericContainer<?> container) {
    this.container = container;
  }

  static S3Container start(String image) {
    GenericContainer<?> container =
        new GenericContainer<>(DockerImageName.parse(image))
            .withEnv("MINIO_ROOT_USER", ACCESS_KEY)
            .withEnv("MINIO_ROOT_PASSWORD", SECRET_KEY)
            .withExposedPorts(PORT)
            .waitingFor(Wait.forHttp("/").forPort(PORT).forStatusCodeMatching(any -> any > 0))
            .withStartupTimeout(Duration.ofSeconds(90));
    container.start();
    return new S3Container(container);
  }

  @Override
  public String name() {
    return "container " + container.getDockerImageName();
  }

  @Override
  public URI endpoint() {
    return URI.create("http://" + container.getHost() + ":" + container.getMappedPort(PORT));
  }

  @Override
  public String accessKey() {
    return ACCESS_KEY;
  }

  @Override
  public String secretKey() {
    return SECRET_KEY;
  }

  @Override
  public void close() {
    container.stop();
  }
}
