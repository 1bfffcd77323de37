import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/**
 * Compares two folders of Surefire's XML reports test by test: counts, then each test that ended
 * differently. Exit code 0 if none did but those in the list of known differences, 1 otherwise,
 * also if a folder holds no test.
 */
public final class Results {

  private static final List<String> BAD_ENDS = List.of("failure", "error", "skipped");

  /** How each test ended; a name can stand for several runs of a parameterized test. */
  private final Map<String, List<String>> ends = new TreeMap<>();

  private final Map<String, Integer> counts = new TreeMap<>();

  public static void main(String[] args) throws Exception {
    Results without = read(Path.of(args[0]));
    Results with = read(Path.of(args[1]));
    System.out.println("  without the agent: " + without.counts);
    System.out.println("  under the agent:   " + with.counts);
    List<String> known = Files.readAllLines(Path.of(args[2]));
    int differences = 0;
    int knownDifferences = 0;
    TreeSet<String> names = new TreeSet<>(without.ends.keySet());
    names.addAll(with.ends.keySet());
    for (String name : names) {
      List<String> expected = without.ends.getOrDefault(name, List.of("absent"));
      List<String> actual = with.ends.getOrDefault(name, List.of("absent"));
      if (!expected.equals(actual)) {
        String reason = reason(known, name);
        if (reason == null) {
          differences++;
        } else {
          knownDifferences++;
        }
        System.out.println("  " + name + ": " + expected + ", under the agent " + actual);
        System.out.println("    " + (reason == null ? "UNEXPECTED" : "known: " + reason));
      } else if (!Collections.disjoint(expected, List.of("passed", "skipped"))) {
        continue;
      } else {
        System.out.println("  " + name + ": " + expected + " either way");
      }
    }
    System.out.printf(
        "  %d of %d tests differ unexpectedly, %d for a known reason%n",
        differences, names.size(), knownDifferences);
    System.exit(differences == 0 && !names.isEmpty() ? 0 : 1);
  }

  /** The text behind {@code name} and a blank in the list of known differences, or null. */
  private static String reason(List<String> known, String name) {
    return known.stream()
        .filter(line -> line.startsWith(name + " "))
        .map(line -> line.substring(name.length() + 1))
        .findFirst()
        .orElse(null);
  }

  private static Results read(Path folder) throws Exception {
    Results results = new Results();
    DocumentBuilder parser = DocumentBuilderFactory.newInstance().newDocumentBuilder();
    for (Path report : reports(folder)) {
      NodeList cases = parser.parse(report.toFile()).getElementsByTagName("testcase");
      for (int i = 0; i < cases.getLength(); i++) {
        results.add((Element) cases.item(i));
      }
    }
    results.ends.values().forEach(Collections::sort);
    return results;
  }

  private static List<Path> reports(Path folder) throws IOException {
    List<Path> reports = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "TEST-*.xml")) {
      files.forEach(reports::add);
    }
    return reports;
  }

  private void add(Element test) {
    // Names of parameterized tests may carry identity hash codes, which differ with each run.
    String name = test.getAttribute("name").replaceAll("@[0-9a-f]{4,}", "@");
    String end = end(test);
    ends.computeIfAbsent(test.getAttribute("classname") + "." + name, any -> new ArrayList<>())
        .add(end);
    counts.merge(end.replaceFirst(" .*", ""), 1, Integer::sum);
  }

  private static String end(Element test) {
    for (Node child = test.getFirstChild(); child != null; child = child.getNextSibling()) {
      if (BAD_ENDS.contains(child.getNodeName())) {
        return (child.getNodeName() + " " + ((Element) child).getAttribute("type")).trim();
      }
    }
    return "passed";
  }
}
