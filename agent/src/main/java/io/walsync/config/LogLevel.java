package io.walsync.config;

/** The least severe messages that are printed. */
public enum LogLevel {
  TRACE,
  DEBUG,
  INFO,
  WARN,
  ERROR,
  /** Nothing is printed. Only a wrong configuration still is, in one line: it names no level. */
  OFF
}
