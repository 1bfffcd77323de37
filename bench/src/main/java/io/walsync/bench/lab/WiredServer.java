package io.walsync.bench.lab;

import io.walsync.bench.wire.Wire;
import io.walsync.testkit.S3Server;
import java.net.URI;

/** A server as seen through a wire. */
public record WiredServer(S3Server behind, Wire wire) implements S3Server {

  @Override
  public String name() {
    return behind.name();
  }

  @Override
  public URI endpoint() {
    return URI.create(wire.endpoint());
  }

  @Override
  public String region() {
    return behind.region();
  }

  @Override
  public String accessKey() {
    return behind.accessKey();
  }

  @Override
  public String secretKey() {
    return behind.secretKey();
  }

  /** Ends the wire, not the server behind it. */
  @Override
  public void close() {
    wire.close();
  }
}
