package io.walsync.config;

/**
 * The configuration cannot be used. The message is complete: {@code file:line:column: key: what is
 * wrong and what to write instead}; it never contains a secret.
 */
public final class ConfigException extends Exception {

  private static final long serialVersionUID = 1L;

  public ConfigException(String message) {
    super(message);
  }

  ConfigException(String message, Throwable cause) {
    super(message, cause);
  }
}
