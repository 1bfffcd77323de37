package io.walsync.restore;

import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.LtxFileMissingException;
import java.io.IOException;

/** Does nothing; tests override what they watch. */
class SilentProgress implements RestoreProgress {

  @Override
  public void planned(RestorePlan plan) {}

  @Override
  public void fetched(long bytes) {}

  @Override
  public void written(int pages) {}

  @Override
  public void fileRead(LtxFileInfo file) {}

  @Override
  public void retrying(IOException cause, long waitMillis) {}

  @Override
  public void replanning(LtxFileMissingException cause) {}

  @Override
  public void finishing() {}
}
