package io.walsync.it.harness;

import io.walsync.testkit.S3Server;
import io.walsync.testkit.ServerProgram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;

/** An S3 server that is a program on this machine: MinIO or versitygw. */
final class S3Process implements S3Server {

  private static final String ACCESS_KEY = "walsync-it";
  private static final String SECRET_KEY = "walsync-it-secret";

  private final String name;
  private final ServerProgram program;

  private S3Process(String name, ServerProgram program) {
    this.name = name;
    this.program = program;
  }

  static S3Process minio(Path binary, Path directory) {
    try {
      return new S3Process("MinIO", ServerProgram.minio(binary, directory, ACCESS_KEY, SECRET_KEY));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start MinIO", e);
    }
  }

  static S3Process versitygw(Path binary, Path directory) {
    try {
      return new S3Process(
          "versitygw", ServerProgram.versitygw(binary, directory, ACCESS_KEY, SECRET_KEY));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start versitygw", e);
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public URI endpoint() {
    return program.endpoint();
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
    program.close();
  }
}
