package io.walsync.replica.s3;

import io.walsync.replica.http.HttpHeaders;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Encryption of objects by the store. Immutable; equal if the same key encrypts. */
public final class S3Encryption {

  private static final int CUSTOMER_KEY_BYTES = 32;

  /** By which one differs from another. */
  private final List<String> identity;

  private final HttpHeaders onCreation;
  private final HttpHeaders onEveryRequest;

  private S3Encryption(List<String> identity, HttpHeaders onCreation, HttpHeaders onEveryRequest) {
    this.identity = identity;
    this.onCreation = onCreation;
    this.onEveryRequest = onEveryRequest;
  }

  /** What the bucket does by default. */
  public static S3Encryption none() {
    return new S3Encryption(Collections.emptyList(), new HttpHeaders(), new HttpHeaders());
  }

  /** Keys kept by the store (SSE-S3). */
  public static S3Encryption storeManaged() {
    return new S3Encryption(
        Collections.singletonList("AES256"),
        new HttpHeaders().add("x-amz-server-side-encryption", "AES256"),
        new HttpHeaders());
  }

  /**
   * A key of the key management service (SSE-KMS).
   *
   * @param keyId or null for the account's default key
   */
  public static S3Encryption kms(@Nullable String keyId) {
    HttpHeaders headers = new HttpHeaders().add("x-amz-server-side-encryption", "aws:kms");
    if (keyId != null) {
      headers.add("x-amz-server-side-encryption-aws-kms-key-id", keyId);
    }
    return new S3Encryption(Arrays.asList("aws:kms", keyId), headers, new HttpHeaders());
  }

  /**
   * A key the store never keeps (SSE-C): without it nobody reads the replica, Litestream included.
   *
   * @param key 32 bytes
   */
  public static S3Encryption customerKey(byte[] key) {
    if (key.length != CUSTOMER_KEY_BYTES) {
      throw new IllegalArgumentException("a customer key has 32 bytes, not " + key.length);
    }
    try {
      byte[] md5 = MessageDigest.getInstance("MD5").digest(key);
      Base64.Encoder base64 = Base64.getEncoder();
      HttpHeaders headers =
          new HttpHeaders()
              .add("x-amz-server-side-encryption-customer-algorithm", "AES256")
              .add("x-amz-server-side-encryption-customer-key", base64.encodeToString(key))
              .add("x-amz-server-side-encryption-customer-key-md5", base64.encodeToString(md5));
      return new S3Encryption(
          Arrays.asList("customer", base64.encodeToString(key)), headers, headers);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalArgumentException("this JVM has no MD5, which a customer key needs", e);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof S3Encryption && identity.equals(((S3Encryption) other).identity);
  }

  @Override
  public int hashCode() {
    return identity.hashCode();
  }

  /** For requests that create an object. */
  void addToCreation(HttpHeaders headers) {
    headers.addAll(onCreation);
  }

  /** For requests that read an object, or write a part of it. */
  void addToAccess(HttpHeaders headers) {
    headers.addAll(onEveryRequest);
  }
}
