package io.walsync;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Headings get the names that the usual forges give them. */
class DocumentLinksTest {

  private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
  private static final Pattern HEADING = Pattern.compile("#{1,6} +(.*?) *#*");
  private static final Pattern PLACE = Pattern.compile("<a id=\"([^\"]+)\">");
  private static final Pattern LINK_IN_HEADING = Pattern.compile("\\[([^]]*)]\\([^)]*\\)");

  @TempDir Path folder;

  @Test
  void everyLinkLeadsToAFileAndAHeadingThatExist() throws IOException {
    Path checkout = checkout();

    List<String> deadLinks = new ArrayList<>();
    for (Path document : documents(checkout)) {
      deadLinks.addAll(deadLinks(checkout, document));
    }

    assertThat(deadLinks).isEmpty();
  }

  @Test
  void everyDocumentIsReachedFromTheReadme() throws IOException {
    Path checkout = checkout();

    Set<Path> reached = new HashSet<>();
    Deque<Path> next = new ArrayDeque<>(List.of(checkout.resolve("README.md")));
    while (!next.isEmpty()) {
      Path document = next.remove();
      if (reached.add(document)) {
        for (String link : links(document)) {
          Path target = target(document, link);
          if (target.toString().endsWith(".md") && Files.isRegularFile(target)) {
            next.add(target);
          }
        }
      }
    }

    assertThat(reached).containsAll(documents(checkout));
  }

  @Test
  void aDeadLinkIsNamedWithItsDocument() throws IOException {
    Files.createDirectory(folder.resolve("docs"));
    Files.writeString(folder.resolve("CHANGELOG.md"), "# What `-x` *is* (1.0), twice\n");
    Path document = folder.resolve("docs/USE.md");
    Files.writeString(
        document,
        """
        # Use
        ## Again
        ## Again
        [a](#use) [b](#again-1) [c](../CHANGELOG.md#what--x-is-10-twice) [d](https://example.com)
        <a id="here"></a>[e](#here) [f](.) `[g](none.md)`
        ```sh
        # Code
        [h](none.md)
        ```
        [i](#again-2) [j](#code) [k](gone.md) [l](../CHANGELOG.md#use) [m](../../elsewhere.md)
        """);

    assertThat(deadLinks(folder, document))
        .containsExactly(
            "USE.md: #again-2",
            "USE.md: #code",
            "USE.md: gone.md",
            "USE.md: ../CHANGELOG.md#use",
            "USE.md: ../../elsewhere.md");
  }

  private static List<String> deadLinks(Path checkout, Path document) throws IOException {
    List<String> dead = new ArrayList<>();
    for (String link : links(document)) {
      Path target = target(document, link);
      int hash = link.indexOf('#');
      boolean isThere = target.startsWith(checkout) && Files.exists(target);
      if (!isThere || hash >= 0 && !places(target).contains(link.substring(hash + 1))) {
        dead.add(document.getFileName() + ": " + link);
      }
    }
    return dead;
  }

  /** Those within the checkout, in order. */
  private static List<String> links(Path document) throws IOException {
    List<String> links = new ArrayList<>();
    for (String line : prose(document)) {
      LINK.matcher(line.replaceAll("`[^`]*`", ""))
          .results()
          .map(found -> found.group(1))
          .filter(link -> !link.contains(":"))
          .forEach(links::add);
    }
    return links;
  }

  private static Path target(Path document, String link) {
    String file = link.replaceFirst("#.*", "");
    return file.isEmpty() ? document : document.resolveSibling(file).normalize();
  }

  private static Set<String> places(Path document) throws IOException {
    Set<String> places = new LinkedHashSet<>();
    for (String line : prose(document)) {
      PLACE.matcher(line).results().map(found -> found.group(1)).forEach(places::add);
      Matcher heading = HEADING.matcher(line);
      if (heading.matches()) {
        String name = name(heading.group(1));
        String free = name;
        for (int i = 1; !places.add(free); i++) {
          free = name + "-" + i;
        }
      }
    }
    return places;
  }

  private static String name(String heading) {
    return LINK_IN_HEADING
        .matcher(heading)
        .replaceAll((MatchResult link) -> Matcher.quoteReplacement(link.group(1)))
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^\\p{L}\\p{N} _-]", "")
        .replace(' ', '-');
  }

  private static List<String> prose(Path document) throws IOException {
    List<String> prose = new ArrayList<>();
    boolean isCode = false;
    for (String line : Files.readAllLines(document)) {
      boolean isFence = line.stripLeading().startsWith("```");
      isCode ^= isFence;
      if (!isCode && !isFence) {
        prose.add(line);
      }
    }
    return prose;
  }

  private static List<Path> documents(Path checkout) throws IOException {
    List<Path> documents = new ArrayList<>();
    try (Stream<Path> top = Files.list(checkout);
        Stream<Path> docs = Files.walk(checkout.resolve("docs"))) {
      Stream.concat(top, docs)
          .filter(file -> file.toString().endsWith(".md"))
          .forEach(documents::add);
    }
    return documents;
  }

  private static Path checkout() {
    Path place = Path.of("").toAbsolutePath();
    while (!Files.exists(place.resolve("mvnw"))) {
      place = place.getParent();
    }
    return place;
  }
}
