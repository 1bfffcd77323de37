package io.walsync.testkit;

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

/** An S3 server that is a program of this machine, on a free port of the loopback address. */
public final class ServerProgram implements S3Server {

  private static final String ACCESS_KEY = "walsync-test";
  private static final String SECRET_KEY = "walsync-test-secret";

  private static final Duration START_DEADLINE = Duration.ofSeconds(60);
  private static final long END_SECONDS = 10;
  private static final int CONNECT_MILLIS = 500;

  private final String name;
  private final Process process;
  private final int port;

  private ServerProgram(String name, Process process, int port) {
    this.name = name;
    this.process = process;
    this.port = port;
  }

  /** MinIO, its objects in a folder below {@code folder}. */
  public static ServerProgram minio(String name, Path binary, Path folder) {
    int port = freePort();
    return start(
        name,
        List.of(
            binary.toString(),
            "server",
            folder.resolve("data").toString(),
            "--address",
            "127.0.0.1:" + port),
        Map.of("MINIO_ROOT_USER", ACCESS_KEY, "MINIO_ROOT_PASSWORD", SECRET_KEY),
        port,
        folder);
  }

  /** A versitygw, its objects in a folder below {@code folder}. */
  public static ServerProgram versitygw(Path binary, Path folder) {
    int port = freePort();
    return start(
        "versitygw",
        List.of(
            binary.toString(),
            "--access",
            ACCESS_KEY,
            "--secret",
            SECRET_KEY,
            "--port",
            "127.0.0.1:" + port,
            "posix",
            folder.resolve("data").toString()),
        Map.of(),
        port,
        folder);
  }

  /** Starts it and returns when it accepts connections; what it prints is in the file log. */
  private static ServerProgram start(
      String name, List<String> command, Map<String, String> environment, int port, Path folder) {
    Folders.create(folder.resolve("data"));
    Path log = folder.resolve("log");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    ChildEnvironment.clean(builder.environment());
    builder.environment().putAll(environment);
    try {
      ServerProgram server = new ServerProgram(name, builder.start(), port);
      Await.until(
          () -> server.accepts() || !server.process.isAlive(),
          START_DEADLINE,
          () -> name + " serves");
      if (!server.process.isAlive()) {
        throw new IOException("it does not serve: " + Files.readString(log));
      }
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + command.get(0), e);
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

  /** Ends it at once. */
  public void kill() {
    process.destroyForcibly();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
        kill();
      }
    } catch (InterruptedException e) {
      kill();
      Thread.currentThread().interrupt();
    }
  }

  private boolean accepts() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
      return true;
    } catch (IOException notYet) {
      return false;
    }
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
