package io.walsync.config;

/** The least severe messages that are printed. */
public enum LogLevel {
  TRACE,
  DEBUG,
  INFO,
  WARN,
  ERROR
}
