package io.walsync.it.harness;

import java.util.List;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/** Prints what the JVMs of a failed test wrote to standard error: where the agent logs. */
public final class OutputOfFailedTests implements BeforeEachCallback, TestWatcher {

  private static final int LINE_LIMIT = 60;

  @Override
  public void beforeEach(ExtensionContext context) {
    ForkedJvm.forgetStarted();
  }

  @Override
  public void testFailed(ExtensionContext context, Throwable cause) {
    for (ForkedJvm jvm : ForkedJvm.started()) {
      List<String> lines = jvm.stderr();
      System.out.println(
          context.getDisplayName()
              + ": standard error of process "
              + jvm.pid()
              + ", "
              + lines.size()
              + " lines");
      lines.stream().limit(LINE_LIMIT).forEach(System.out::println);
    }
  }
}
