package io.walsync.bench.app;

import io.walsync.teststore.HttpFront;
import io.walsync.teststore.S3Request;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * When the server acknowledged which object: one line each, in order, with the time at which the
 * request arrived, the time of the acknowledgement, bytes, and path. An object in parts counts when
 * it is completed.
 *
 * <p>Threading: all of the server's connections at once.
 */
final class PutLog implements HttpFront.AnswerListener {

  private static final int HTTP_OK = 200;

  private final List<String> lines = new ArrayList<>();
  private final Map<String, Long> partBytes = new HashMap<>();

  @Override
  public synchronized void answered(S3Request request, int status, Instant arrived) {
    long acknowledged = WallClock.micros();
    if (status != HTTP_OK) {
      return;
    }
    String path = request.target().replaceFirst("\\?.*", "");
    switch (request.operation()) {
      case PUT_OBJECT:
        add(arrived, acknowledged, sizeOf(request), path);
        break;
      case UPLOAD_PART:
        partBytes.merge(path, sizeOf(request), Long::sum);
        break;
      case COMPLETE_MULTIPART_UPLOAD:
        add(arrived, acknowledged, partBytes.remove(path), path);
        break;
      default:
        break;
    }
  }

  private void add(Instant arrived, long acknowledged, long sizeBytes, String path) {
    lines.add(WallClock.micros(arrived) + " " + acknowledged + " " + sizeBytes + " " + path);
  }

  private static long sizeOf(S3Request request) {
    return Long.parseLong(request.header("content-length"));
  }

  synchronized List<String> lines() {
    return List.copyOf(lines);
  }
}
