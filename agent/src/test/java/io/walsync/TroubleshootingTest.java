package io.walsync;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.db.events.Refusal;
import io.walsync.testkit.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whatever the agent warns of, docs/TROUBLESHOOTING.md says what to do about, in its words. */
class TroubleshootingTest {

  private static final String LITERAL = "\"((?:[^\"\\\\]|\\\\.)*)\"";

  /** A call that warns, and the text that it begins with. */
  private static final Pattern WARNING =
      Pattern.compile(
          "(?:\\.(?:warn|error)|Stderr\\.line)\\(\\s*((?:" + LITERAL + "\\s*\\+?\\s*)+)");

  /** What is the reason in such a line, or in one of information that asks for something. */
  private static final List<String> OTHERS =
      List.of(
          "configured, but not opened by this process so far",
          "the application opened it with nolock",
          "may be on a disk that is not mounted",
          "the application has set locking_mode=EXCLUSIVE");

  private static final int KEY_WORDS = 5;

  @Test
  void everyWarningAndErrorHasAnEntry() throws IOException {
    String entries = words(Files.readString(Checkout.root().resolve("docs/TROUBLESHOOTING.md")));
    List<String> warnings = warnings();
    assertThat(warnings).hasSizeGreaterThan(30);
    assertThat(warnings).filteredOn(text -> !entries.contains(key(text))).isEmpty();
  }

  @Test
  void everyRefusalHasAnEntry() throws IOException {
    String entries = words(Files.readString(Checkout.root().resolve("docs/TROUBLESHOOTING.md")));
    IOException cause = new IOException("a cause");
    assertThat(
            Stream.of(
                    Refusal.fenced(cause),
                    Refusal.unreadable(cause),
                    Refusal.behind("", 1, 2),
                    Refusal.anotherDatabase("", "a sign"),
                    Refusal.undecided("", 1, 2),
                    Refusal.onAnotherLine("", 2),
                    Refusal.cutOff("", 1, 2))
                .map(refusal -> words(refusal.text().replaceAll("a cause|: a sign.*", "")))
                .map(text -> firstWords(text, KEY_WORDS)))
        .allSatisfy(text -> assertThat(entries).contains(text));
    assertThat(OTHERS).allSatisfy(text -> assertThat(entries).contains(words(text)));
  }

  @Test
  void theKeyOfATextIsWhatStandsBetweenItsParts() {
    assertThat(key("{}: the machine went down before the last commits"))
        .isEqualTo("the machine went down before");
    assertThat(key("{}: {} ends at TXID {} although TXID {} was")).isEqualTo("ends at TXID");
    assertThat(key("{}: not replicated: {}")).isEqualTo("not replicated");
    assertThat(key("SQLite {} in the application's driver has"))
        .isEqualTo("in the application's driver has");
  }

  private static List<String> warnings() throws IOException {
    List<String> found = new ArrayList<>();
    for (Path source : sources()) {
      Matcher warning = WARNING.matcher(Files.readString(source));
      while (warning.find()) {
        String text =
            Pattern.compile(LITERAL)
                .matcher(warning.group(1))
                .results()
                .map(literal -> literal.group(1))
                .collect(Collectors.joining());
        if (!key(text).isEmpty()) {
          found.add(text);
        }
      }
    }
    return found;
  }

  private static List<Path> sources() throws IOException {
    List<Path> found = new ArrayList<>();
    for (String module : List.of("agent", "bootstrap")) {
      found.addAll(Checkout.files(Checkout.root().resolve(module + "/src/main/java"), ".java"));
    }
    // The command line answers the one who asked; what is wrong in a configuration says where.
    found.removeIf(file -> file.toString().matches(".*/io/walsync/(cli|config)/.*"));
    return found;
  }

  /** The first words of the first part that has some; else of the longest. */
  private static String key(String text) {
    List<String> parts = Arrays.stream(text.split("\\{}")).map(TroubleshootingTest::words).toList();
    String part =
        parts.stream()
            .filter(words -> words.split(" ").length >= 3)
            .findFirst()
            .orElseGet(() -> parts.stream().max(Comparator.comparingInt(String::length)).get());
    return firstWords(part, KEY_WORDS);
  }

  private static String firstWords(String words, int count) {
    return Arrays.stream(words.split(" ")).limit(count).collect(Collectors.joining(" "));
  }

  /** Without what marks it up and what parts it. */
  private static String words(String text) {
    return text.replace("`", "").replaceAll("[\\s.,:;()…]+", " ").trim();
  }
}
