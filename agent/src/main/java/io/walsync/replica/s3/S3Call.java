package io.walsync.replica.s3;

import io.walsync.replica.http.HttpBody;
import io.walsync.replica.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One request as S3 knows it: method, object, query, headers, body; not yet signed. */
final class S3Call {

  private final String verb;
  private final String method;
  private final @Nullable String key;
  private final List<String> query = new ArrayList<>(6);
  private final HttpHeaders signedHeaders = new HttpHeaders();
  private final HttpHeaders unsignedHeaders = new HttpHeaders();
  private @Nullable HttpBody body;
  private @Nullable String bodySha256;
  private boolean isRepeatable = true;

  /**
   * @param verb what messages say we could not do: {@code read}, {@code write}
   * @param key or null for the bucket
   */
  S3Call(String verb, String method, @Nullable String key) {
    this.verb = verb;
    this.method = method;
    this.key = key;
  }

  S3Call query(String name, String value) {
    query.add(name);
    query.add(value);
    return this;
  }

  S3Call header(String name, String value) {
    signedHeaders.add(name, value);
    return this;
  }

  /** One that proxies rewrite, and that must not be part of the signature for that. */
  S3Call unsignedHeader(String name, String value) {
    unsignedHeaders.add(name, value);
    return this;
  }

  /**
   * @param sha256Hex what the content must have when it is read to be signed; null for whatever it
   *     has
   */
  S3Call body(HttpBody content, @Nullable String sha256Hex) {
    this.body = content;
    this.bodySha256 = sha256Hex;
    return this;
  }

  /** For requests that do something else when the store sees them twice. */
  S3Call notRepeatable() {
    isRepeatable = false;
    return this;
  }

  String verb() {
    return verb;
  }

  String method() {
    return method;
  }

  /** Null for the bucket. */
  @Nullable String key() {
    return key;
  }

  /** Names and values in turn. */
  List<String> query() {
    return query;
  }

  HttpHeaders signedHeaders() {
    return signedHeaders;
  }

  HttpHeaders unsignedHeaders() {
    return unsignedHeaders;
  }

  /** Null for none. */
  @Nullable HttpBody body() {
    return body;
  }

  /** As {@link #body(HttpBody, String)} says it; null for whatever the content has. */
  @Nullable String bodySha256() {
    return bodySha256;
  }

  boolean isRepeatable() {
    return isRepeatable;
  }

  /** The query as it stands in the URL, with its question mark. */
  String encodedQuery() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < query.size(); i += 2) {
      text.append(i == 0 ? '?' : '&').append(S3Keys.encodeQuery(query.get(i)));
      text.append('=').append(S3Keys.encodeQuery(query.get(i + 1)));
    }
    return text.toString();
  }
}
