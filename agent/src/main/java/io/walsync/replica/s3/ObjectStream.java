package io.walsync.replica.s3;

import io.walsync.replica.RecordedSha256;
import io.walsync.replica.http.HttpResponse;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** The content of an object; its failures name the object. */
final class ObjectStream extends InputStream implements RecordedSha256 {

  private final S3Connection connection;
  private final S3Call call;
  private final HttpResponse response;

  ObjectStream(S3Connection connection, S3Call call, HttpResponse response) {
    this.connection = connection;
    this.call = call;
    this.response = response;
  }

  @Override
  public @Nullable String recordedSha256() {
    return ObjectHead.sha256(response);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int count) throws IOException {
    try {
      return response.body().read(buffer, offset, count);
    } catch (IOException e) {
      throw connection.networkFailure(call, e);
    }
  }

  @Override
  public int available() throws IOException {
    return response.body().available();
  }

  @Override
  public void close() throws IOException {
    response.close();
  }
}
