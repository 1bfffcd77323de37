package io.walsync.testkit;

import io.walsync.db.settings.DbExecutors;
import io.walsync.host.Host;
import io.walsync.io.AgentThreads;
import java.util.concurrent.Executor;

/** For what runs nothing by itself. */
public class NoExecutors implements DbExecutors {

  @Override
  public AgentThreads capture() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Executor uploads() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Host host() {
    throw new UnsupportedOperationException();
  }
}
