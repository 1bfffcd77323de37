package io.walsync.history.compaction;

import java.io.IOException;

/** Whether a merge under way is still wanted. Asked page by page, so it must cost nothing. */
public interface Stop {

  Stop NEVER = () -> {};

  /**
   * @throws MergeStoppedException if it is not
   */
  void check() throws IOException;
}
