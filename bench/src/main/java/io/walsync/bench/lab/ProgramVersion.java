package io.walsync.bench.lab;

import io.walsync.testkit.ChildEnvironment;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a program says of its version. */
public final class ProgramVersion {

  /** Also MinIO's, which are moments or the word of whoever built it. */
  private static final Pattern VERSION =
      Pattern.compile("\\d+\\.\\d+\\.\\d+|(RELEASE|DEVELOPMENT)\\.[\\w-]+");

  private ProgramVersion() {}

  /**
   * The first version in what it prints; {@code unknown} if there is none.
   *
   * @param argument that makes it print its version and end
   */
  public static String of(Path binary, String argument) {
    ProcessBuilder builder =
        new ProcessBuilder(binary.toString(), argument).redirectErrorStream(true);
    ChildEnvironment.clean(builder.environment());
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      byte[] output = process.getInputStream().readAllBytes();
      return in(new String(output, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new LabException("cannot run " + binary, e);
    }
  }

  static String in(String output) {
    Matcher matcher = VERSION.matcher(output);
    return matcher.find() ? matcher.group() : "unknown";
  }
}
