package io.walsync.bench.lab;

import io.walsync.testkit.ServerProgram;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;

/** A MinIO server. */
public final class Minio implements S3Server {

  private static final String ACCESS_KEY = "walsync-bench";
  private static final String SECRET_KEY = "walsync-bench-secret";
  private static final long BUCKET_DEADLINE_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final long RETRY_MILLIS = 100;

  private final String version;
  private final ServerProgram program;

  private Minio(String version, ServerProgram program) {
    this.version = version;
    this.program = program;
    // Unlike the forked JVMs it would outlive an interrupted bench.
    Runtime.getRuntime().addShutdownHook(new Thread(program::kill));
  }

  /**
   * Starts it with an empty bucket.
   *
   * @param folder gets log and objects
   */
  public static Minio start(Path binary, Path folder) {
    try {
      Minio minio =
          new Minio(
              ProgramVersion.of(binary, "--version"),
              ServerProgram.minio(binary, folder.resolve("minio"), ACCESS_KEY, SECRET_KEY));
      minio.createBucket();
      return minio;
    } catch (IOException e) {
      throw new LabException("cannot start " + binary, e);
    }
  }

  private void createBucket() {
    long deadline = System.nanoTime() + BUCKET_DEADLINE_NANOS;
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
    if (System.nanoTime() > deadline || !program.isAlive()) {
      close();
      throw new LabException("MinIO does not start", cause);
    }
    try {
      TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
    } catch (InterruptedException e) {
      throw new LabException("interrupted", e);
    }
  }

  @Override
  public String name() {
    return "MinIO " + version;
  }

  @Override
  public String endpoint() {
    return program.endpoint().toString();
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
    program.kill();
  }
}
