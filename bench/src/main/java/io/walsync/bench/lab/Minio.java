package io.walsync.bench.lab;

import io.walsync.testkit.S3Server;
import io.walsync.testkit.ServerProgram;
import java.nio.file.Path;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;

/** Starts a MinIO server. */
final class Minio {

  private Minio() {}

  /**
   * With an empty bucket.
   *
   * @param folder gets log and objects
   */
  static S3Server start(Path binary, Path folder) {
    String name = "MinIO " + ProgramVersion.of(binary, "--version");
    ServerProgram server = ServerProgram.minio(name, binary, folder.resolve("minio"));
    // Unlike the forked JVMs it would outlive an interrupted bench.
    Runtime.getRuntime().addShutdownHook(new Thread(server::kill));
    try (S3Client client = server.sdkClient()) {
      client.createBucket(request -> request.bucket(BucketReplica.BUCKET));
    } catch (SdkException e) {
      server.close();
      throw new LabException("cannot make a bucket at " + name, e);
    }
    return server;
  }
}
