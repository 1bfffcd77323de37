package io.walsync.it.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Prints, at the end of a run, each test that did not run and why, and leaves the same lines in the
 * file {@code -Dskipped.report=} for {@code .ci/run}. A skipped peer must not look like a pass.
 */
public final class SkippedTests implements TestExecutionListener {

  private final List<String> lines = new CopyOnWriteArrayList<>();
  private TestPlan plan;

  @Override
  public void testPlanExecutionStarted(TestPlan testPlan) {
    plan = testPlan;
  }

  @Override
  public void executionSkipped(TestIdentifier test, String reason) {
    lines.add(line(test, reason));
  }

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    if (result.getStatus() == TestExecutionResult.Status.ABORTED) {
      lines.add(line(test, result.getThrowable().map(Throwable::getMessage).orElse("aborted")));
    }
  }

  @Override
  public void testPlanExecutionFinished(TestPlan testPlan) {
    lines.forEach(System.out::println);
    String report = System.getProperty("skipped.report", "");
    if (!report.isEmpty()) {
      try {
        Files.write(Path.of(report), lines);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private String line(TestIdentifier test, String reason) {
    String cause = reason.replace("Assumption failed: ", "").replace('\n', ' ');
    return "skipped: " + className(test) + method(test) + " because " + cause;
  }

  private static String className(TestIdentifier test) {
    return test.getSource()
        .filter(MethodSource.class::isInstance)
        .map(source -> ((MethodSource) source).getJavaClass().getSimpleName() + ".")
        .orElse("");
  }

  /** A parameterized invocation is called by its number and arguments only. */
  private String method(TestIdentifier test) {
    String name = test.getDisplayName();
    return name.startsWith("[")
        ? plan.getParent(test).map(TestIdentifier::getDisplayName).orElse("") + " " + name
        : name;
  }
}
