package io.walsync.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A server that is a program of this machine, on a free port of the loopback address. */
public final class ServerProgram implements AutoCloseable {

  private static final long START_DEADLINE_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final long END_SECONDS = 10;
  private static final int CONNECT_MILLIS = 500;
  private static final long PAUSE_MILLIS = 50;

  private final Process process;
  private final int port;

  private ServerProgram(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** MinIO with an account, its objects in a folder below {@code folder}. */
  public static ServerProgram minio(Path binary, Path folder, String accessKey, String secretKey)
      throws IOException {
    int port = freePort();
    return start(
        List.of(
            binary.toString(),
            "server",
            folder.resolve("data").toString(),
            "--address",
            "127.0.0.1:" + port),
        Map.of("MINIO_ROOT_USER", accessKey, "MINIO_ROOT_PASSWORD", secretKey),
        port,
        folder);
  }

  /** A versitygw with an account, its objects in a folder below {@code folder}. */
  public static ServerProgram versitygw(
      Path binary, Path folder, String accessKey, String secretKey) throws IOException {
    int port = freePort();
    return start(
        List.of(
            binary.toString(),
            "--access",
            accessKey,
            "--secret",
            secretKey,
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
      List<String> command, Map<String, String> environment, int port, Path folder)
      throws IOException {
    Files.createDirectories(folder.resolve("data"));
    Path log = folder.resolve("log");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    ChildEnvironment.clean(builder.environment());
    builder.environment().putAll(environment);
    ServerProgram server = new ServerProgram(builder.start(), port);
    long deadline = System.nanoTime() + START_DEADLINE_NANOS;
    while (!server.accepts()) {
      if (!server.process.isAlive() || System.nanoTime() > deadline) {
        server.kill();
        throw new IOException(command.get(0) + " did not start: " + Files.readString(log));
      }
      server.pause();
    }
    return server;
  }

  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + port);
  }

  public boolean isAlive() {
    return process.isAlive();
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

  private void pause() throws IOException {
    try {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      kill();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while a server started", e);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
