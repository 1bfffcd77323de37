package io.walsync.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

class StderrLoggerTest {

  private final PrintStream stderr = System.err;
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final Logger log = LoggerFactory.getLogger("io.walsync.db.Db");

  @BeforeEach
  void captureStderr() {
    System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
    StderrLogger.setLevel(Level.INFO);
  }

  @AfterEach
  void restoreStderr() {
    System.setErr(stderr);
    StderrLogger.setLevel(Level.WARN);
  }

  @Test
  void slf4jFindsIt() {
    assertThat(log).isInstanceOf(StderrLogger.class);
    assertThat(log.getName()).isEqualTo("io.walsync.db.Db");
  }

  @Test
  void anEntryIsTimeProgramLevelShortNameAndMessage() {
    log.warn("page {} of {}", 1, "a.db");
    assertThat(lines())
        .singleElement()
        .asString()
        .matches(
            "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z walsync WARN Db - page 1 of a\\.db");
  }

  @Test
  void anExceptionFollowsWithItsTrace() {
    log.error("upload of {} failed", "x", new IllegalStateException("no network"));
    assertThat(lines()[0]).endsWith(" walsync ERROR Db - upload of x failed");
    assertThat(lines()[1]).isEqualTo("java.lang.IllegalStateException: no network");
    assertThat(lines()[2]).startsWith("\tat io.walsync.log.StderrLoggerTest");
  }

  @Test
  void lessSevereMessagesThanTheLevelAreNotWritten() {
    log.debug("a detail");
    assertThat(written.size()).isZero();
    StderrLogger.setLevel(Level.DEBUG);
    log.debug("a detail");
    log.trace("a smaller detail");
    assertThat(lines()).singleElement().asString().endsWith("DEBUG Db - a detail");
    StderrLogger.setLevel(Level.ERROR);
    log.warn("a warning");
    assertThat(lines()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "1970-01-01T00:00:00.000Z",
    "1969-12-31T23:59:59.999Z",
    "2000-02-29T12:00:00.050Z",
    "2026-11-23T08:09:10.123Z",
    "2038-01-19T03:14:08.007Z"
  })
  void aTimeHasAlwaysAllItsDigits(String text) {
    StringBuilder formatted = new StringBuilder();
    StderrLogger.appendTime(formatted, Instant.parse(text).toEpochMilli());
    assertThat(formatted).hasToString(text);
  }

  private String[] lines() {
    return written.toString(StandardCharsets.UTF_8).split("\\R");
  }
}
