package io.walsync.it.harness;

import io.walsync.testkit.ChildEnvironment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** An S3 server that is a program on this machine: MinIO or versitygw. */
final class S3Process implements S3Server {

  private static final String ACCESS_KEY = "walsync-it";
  private static final String SECRET_KEY = "walsync-it-secret";
  private static final Duration START_DEADLINE = Duration.ofSeconds(60);

  private final String name;
  private final int port;
  private final Process process;

  private S3Process(String name, int port, Process process) {
    this.name = name;
    this.port = port;
    this.process = process;
  }

  static S3Process minio(Path binary, Path directory) {
    int port = freePort();
    List<String> command =
        List.of(
            binary.toString(),
            "server",
            directory.resolve("data").toString(),
            "--address",
            "127.0.0.1:" + port);
    Map<String, String> environment =
        Map.of("MINIO_ROOT_USER", ACCESS_KEY, "MINIO_ROOT_PASSWORD", SECRET_KEY);
    return start("MinIO", port, command, environment, directory);
  }

  static S3Process versitygw(Path binary, Path directory) {
    int port = freePort();
    Path data = directory.resolve("data");
    List<String> command =
        List.of(
            binary.toString(),
            "--access",
            ACCESS_KEY,
            "--secret",
            SECRET_KEY,
            "--port",
            "127.0.0.1:" + port,
            "posix",
            data.toString());
    return start("versitygw", port, command, Map.of(), directory);
  }

  private static S3Process start(
      String name,
      int port,
      List<String> command,
      Map<String, String> environment,
      Path directory) {
    try {
      Files.createDirectories(directory.resolve("data"));
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(directory.resolve("log").toFile());
      ChildEnvironment.clean(builder.environment());
      builder.environment().putAll(environment);
      S3Process server = new S3Process(name, port, builder.start());
      Awaitility.await(name + " accepts connections")
          .atMost(START_DEADLINE)
          .until(() -> accepts(port) || !server.process.isAlive());
      if (!server.process.isAlive()) {
        throw new AssertionError(
            name + " did not start: " + Files.readString(directory.resolve("log")));
      }
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + name, e);
    }
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean accepts(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
      return true;
    } catch (IOException notYet) {
      return false;
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + port);
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
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
    }
  }
}
