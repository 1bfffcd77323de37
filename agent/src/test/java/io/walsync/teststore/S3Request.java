package io.walsync.teststore;

import java.util.Locale;
import java.util.Map;

/**
 * One request as it came over the wire.
 *
 * @param target path and query as sent, encoded
 * @param headers by lower-case name, in the order sent
 */
public record S3Request(
    S3Operation operation, String method, String target, Map<String, String> headers) {

  public String header(String name) {
    return headers.get(name.toLowerCase(Locale.ROOT));
  }
}
