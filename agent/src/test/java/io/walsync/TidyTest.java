package io.walsync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.walsync.testkit.Checkout;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What can be counted of the house. */
class TidyTest {

  /** Columns of a line in a document; tables, code and headings cannot be wrapped. */
  private static final int MAX_PROSE_COLUMNS = 130;

  /** What follows is written by {@code bench/run --docs}. */
  private static final Pattern MARK = Pattern.compile("<!-- [\\w-]+ -->");

  private static final int MIN_SENTENCES = 3;

  @Test
  void everyPackageSaysWhatLivesThereInThreeSentences() throws IOException {
    List<String> tooShort = new ArrayList<>();
    for (Path place : packages()) {
      Path comment = place.resolve("package-info.java");
      if (!Files.exists(comment) || sentences(Files.readString(comment)) < MIN_SENTENCES) {
        tooShort.add(Checkout.root().relativize(comment).toString());
      }
    }

    assertThat(tooShort).isEmpty();
  }

  @Test
  void noLineOfADocumentIsTooLong() throws IOException {
    List<String> tooLong = new ArrayList<>();
    List<Path> documents = new ArrayList<>(Checkout.files(Checkout.root().resolve("docs"), ".md"));
    documents.add(Checkout.root().resolve("README.md"));
    documents.add(Checkout.root().resolve("CHANGELOG.md"));
    for (Path document : documents) {
      boolean isCode = false;
      boolean isGenerated = false;
      int number = 0;
      for (String line : Files.readAllLines(document)) {
        number++;
        isCode ^= line.stripLeading().startsWith("```");
        isGenerated =
            !line.startsWith("<!-- end ") && (isGenerated || MARK.matcher(line).matches());
        boolean isWhole = isCode || isGenerated || line.startsWith("|") || line.startsWith("#");
        if (!isWhole && line.length() > MAX_PROSE_COLUMNS) {
          tooLong.add(document.getFileName() + ":" + number + " has " + line.length());
        }
      }
    }

    assertThat(tooLong).as("more than %d columns", MAX_PROSE_COLUMNS).isEmpty();
  }

  @Test
  void theReadmeIsReadInAFewMinutes() throws IOException {
    assertThat(Files.size(Checkout.root().resolve("README.md"))).isLessThanOrEqualTo(9_000);
  }

  /** The build needs no shellcheck; where it is there, scripts are held to it. */
  @Test
  void shellcheckFindsNothingInTheScripts() throws Exception {
    List<String> command = new ArrayList<>(List.of("shellcheck", "--external-sources"));
    for (String script : scripts()) {
      command.add(script);
    }
    assumeTrue(isThere("shellcheck"), "shellcheck is not on the PATH");
    Process check =
        new ProcessBuilder(command)
            .directory(Checkout.root().toFile())
            .redirectErrorStream(true)
            .start();

    String found = new String(check.getInputStream().readAllBytes());

    assertThat(check.waitFor()).as(found).isZero();
  }

  private static List<Path> sources() throws IOException {
    List<Path> sources = new ArrayList<>();
    for (String module : List.of("agent", "bootstrap", "bench")) {
      sources.addAll(Checkout.files(Checkout.root().resolve(module).resolve("src/main"), ".java"));
    }
    return sources;
  }

  /** Ours: the bridge is in a package of the JDK's. */
  private static List<Path> packages() throws IOException {
    return sources().stream()
        .map(Path::getParent)
        .filter(folder -> !folder.endsWith("java/lang"))
        .distinct()
        .collect(Collectors.toList());
  }

  /** Those of the comment's prose. */
  private static int sentences(String source) {
    String prose =
        source
            .substring(0, source.indexOf("*/"))
            .replaceAll("(?s)<pre>.*?</pre>", "")
            .replaceAll("\\s+\\*?\\s*", " ");
    return prose.split("[.:;!?](?= |$)").length - 1;
  }

  private static List<String> scripts() throws IOException {
    Path root = Checkout.root();
    List<String> scripts = new ArrayList<>();
    for (String place : List.of(".ci", ".githooks", "bench", "it-tests")) {
      try (Stream<Path> files = Files.walk(root.resolve(place), 2)) {
        for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
          boolean isNamed = file.toString().endsWith(".sh");
          if (isNamed || !file.getFileName().toString().contains(".") && isScript(file)) {
            scripts.add(root.relativize(file).toString());
          }
        }
      }
    }
    assertThat(scripts).contains(".ci/run", ".ci/peers.sh", "bench/run", "it-tests/torture/run");
    return scripts;
  }

  private static boolean isScript(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).startsWith("#!");
  }

  private static boolean isThere(String program) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }
}
