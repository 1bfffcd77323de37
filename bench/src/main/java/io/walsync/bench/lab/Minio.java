package io.walsync.bench.lab;

import io.walsync.testkit.ChildEnvironment;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;

/** A MinIO server. */
public final class Minio implements S3Server {

  private static final String ACCESS_KEY = "walsync-bench";
  private static final String SECRET_KEY = "walsync-bench-secret";
  private static final long START_DEADLINE_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final long RETRY_MILLIS = 100;

  private final String version;
  private final Process process;
  private final int port;

  private Minio(String version, Process process, int port) {
    this.version = version;
    this.process = process;
    this.port = port;
    // Unlike the forked JVMs it would outlive an interrupted bench.
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
  }

  /**
   * Starts it with an empty bucket.
   *
   * @param folder gets log and objects
   */
  public static Minio start(Path binary, Path folder) {
    int port = freePort();
    List<String> command =
        List.of(
            binary.toString(),
            "server",
            folder.resolve("minio").toString(),
            "--address",
            "127.0.0.1:" + port);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("minio.log").toFile());
    ChildEnvironment.clean(builder.environment());
    builder.environment().put("MINIO_ROOT_USER", ACCESS_KEY);
    builder.environment().put("MINIO_ROOT_PASSWORD", SECRET_KEY);
    try {
      Minio minio = new Minio(ProgramVersion.of(binary, "--version"), builder.start(), port);
      minio.createBucket();
      return minio;
    } catch (IOException e) {
      throw new LabException("cannot start " + binary, e);
    }
  }

  private void createBucket() {
    long deadline = System.nanoTime() + START_DEADLINE_NANOS;
    while (!accepts()) {
      pause(deadline, null);
    }
    try (S3Client client = sdkClient()) {
      while (true) {
        try {
          client.createBucket(request -> request.bucket(BUCKET));
          return;
        } catch (SdkException e) {
          pause(deadline, e);
        }
      }
    }
  }

  private void pause(long deadline, Exception cause) {
    if (System.nanoTime() > deadline || !process.isAlive()) {
      close();
      throw new LabException("MinIO does not start", cause);
    }
    try {
      TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
    } catch (InterruptedException e) {
      throw new LabException("interrupted", e);
    }
  }

  private boolean accepts() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
      return true;
    } catch (IOException notYet) {
      return false;
    }
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new LabException("no free port", e);
    }
  }

  @Override
  public String name() {
    return "MinIO " + version;
  }

  @Override
  public String endpoint() {
    return "http://127.0.0.1:" + port;
  }

  @Override
  public String region() {
    return "us-east-1";
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
    process.destroyForcibly();
  }
}
