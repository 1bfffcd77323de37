package io.walsync.status;

import io.walsync.db.events.DbStatus;
import io.walsync.io.LogTimes;
import io.walsync.replica.RequestCounts;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The status as the command prints it: rows of cells. The first tells of the agent: version, Java,
 * sqlite-jdbc, SQLite, since when, configuration, entries of which nothing was opened; it is empty
 * before the agent has started. Then comes a row for each database: path, state, seconds of lag,
 * bytes staged, TXID in the store, its time, of when the oldest state is, when the replica was last
 * found whole, bytes of the WAL, files and bytes of the replica, requests, those that failed, bytes
 * sent and fetched, and why it is not fine. What is not known is {@code -}.
 */
final class StatusRows {

  private final StringBuilder rows = new StringBuilder();

  private StatusRows() {}

  static String of(@Nullable AgentFacts agent, List<DbStatus> databases) {
    StatusRows status = new StatusRows();
    if (agent != null) {
      status.add(agent);
    }
    status.rows.append(StatusAnswer.LINE_END);
    for (DbStatus database : databases) {
      status.add(database);
      status.work(database.requests());
      status.text(database.reason()).append(StatusAnswer.LINE_END);
    }
    return status.rows.toString();
  }

  private void add(AgentFacts agent) {
    cell(agent.version());
    cell(agent.java());
    cell(agent.driver());
    cell(agent.sqlite());
    cell(time(agent.sinceMillis()));
    cell(agent.config());
    text(String.join(", ", agent.unopened()));
  }

  private void add(DbStatus database) {
    cell(database.path().getPath());
    cell(database.health().word());
    cell(StatusAnswer.seconds(database.lagMillis()));
    cell(database.stagedBytes());
    cell(StatusAnswer.txid(database));
    cell(time(database.uploadedMillis()));
    cell(time(database.oldestMillis()));
    cell(time(database.replica().checkedMillis()));
    cell(database.walBytes());
    cell(database.replica().fileCount());
    cell(database.replica().byteCount());
  }

  private void work(List<RequestCounts.Count> requests) {
    long requestCount = 0;
    long failedCount = 0;
    long sentBytes = 0;
    long fetchedBytes = 0;
    for (RequestCounts.Count each : requests) {
      boolean isSent = each.operation().equals(RequestCounts.WRITE);
      requestCount += each.count();
      failedCount += each.code().equals(RequestCounts.OK) ? 0 : each.count();
      sentBytes += isSent ? each.bytes() : 0;
      fetchedBytes += isSent ? 0 : each.bytes();
    }
    cell(requestCount);
    cell(failedCount);
    cell(sentBytes);
    cell(fetchedBytes);
  }

  /**
   * @param count negative for unknown
   */
  private void cell(long count) {
    cell(count < 0 ? null : String.valueOf(count));
  }

  private void cell(@Nullable String text) {
    text(text == null ? "-" : text).append('\t');
  }

  private StringBuilder text(String text) {
    for (int i = 0; i < text.length(); i++) {
      rows.append(Character.isISOControl(text.charAt(i)) ? ' ' : text.charAt(i));
    }
    return rows;
  }

  private static @Nullable String time(long millis) {
    return millis == 0 ? null : LogTimes.text(millis);
  }
}
