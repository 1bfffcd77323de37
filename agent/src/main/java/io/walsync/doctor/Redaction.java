package io.walsync.doctor;

import io.walsync.config.UrlSecrets;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeSet;

/** Takes known secrets out of texts that others are to read. */
public final class Redaction {

  /** Shorter ones would take words apart, and are no secrets worth the name. */
  private static final int SHORTEST = 6;

  private static final String SECRET_NAME =
      "(?i).*(SECRET|TOKEN|PASSWORD|PASSWD|CREDENTIAL|ACCESS_KEY|API_KEY|PRIVATE_KEY|AUTHORIZATION).*";

  /** Longest first: one may be part of another. */
  private final TreeSet<String> secrets =
      new TreeSet<>(
          Comparator.comparingInt(String::length)
              .reversed()
              .thenComparing(Comparator.naturalOrder()));

  /**
   * @param environment whose variables with such a name hold secrets, and those that are URLs with
   *     a password
   */
  public Redaction(Map<String, String> environment) {
    for (Map.Entry<String, String> each : environment.entrySet()) {
      if (each.getKey().matches(SECRET_NAME)) {
        add(each.getValue());
      }
      addAll(UrlSecrets.of(each.getValue()));
    }
  }

  public void addAll(Collection<String> more) {
    for (String each : more) {
      add(each);
    }
  }

  private void add(String secret) {
    String trimmed = secret.trim();
    if (trimmed.length() >= SHORTEST) {
      secrets.add(trimmed);
    }
  }

  public String of(String text) {
    String redacted = text;
    for (String secret : secrets) {
      redacted = redacted.replace(secret, "***");
    }
    return redacted;
  }
}
