package io.walsync.bench.app;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** The program's side of the conversation with its suite. */
final class Dialogue {

  private static final String EXIT = "exit";

  private final BufferedReader input =
      new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));

  /** Says that the last command is done. */
  void ok(String... results) {
    System.out.println(("ok " + String.join(" ", results)).trim());
    System.out.flush();
  }

  /** The next command's words, or null if it is time to leave. */
  String[] next() throws IOException {
    String line = input.readLine();
    return line == null || line.equals(EXIT) ? null : line.split(" ");
  }
}
