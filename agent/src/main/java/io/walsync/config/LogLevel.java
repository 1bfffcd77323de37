package io.walsync.config;

/** The least severe messages that are printed. */
public enum LogLevel {
  TRACE,
  DEBUG,
  INFO,
  WARN,
  ERROR,
  /**
   * Nothing is printed, except one line for a configuration that cannot be read: its level is
   * unknown.
   */
  OFF
}
