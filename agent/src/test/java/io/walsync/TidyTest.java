package io.walsync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import io.walsync.testkit.Checkout;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sizes that a reader can hold. What is larger today is in {@code too-large.txt} beside this class
 * with its size: it may shrink and not grow, and leaves the list when it fits.
 */
class TidyTest {

  /** Imports are not counted: how many there are is the tree's, not the file's. */
  private static final int MAX_FILE_LINES = 400;

  private static final int MAX_METHOD_LINES = 40;

  /** Columns of a line in a document; tables, code and headings cannot be wrapped. */
  private static final int MAX_PROSE_COLUMNS = 130;

  /** What follows is written by {@code bench/run --docs}. */
  private static final Pattern MARK = Pattern.compile("<!-- [\\w-]+ -->");

  private static final int MIN_SENTENCES = 3;
  private static final String LIST = "agent/src/test/resources/too-large.txt";

  @TempDir Path folder;

  @Test
  void noFileAndNoMethodIsTooLarge() throws IOException {
    assertThat(complaints(sizes(sources()), allowed())).isEmpty();
  }

  @Test
  void whatIsTooLargeIsNamedWithWhatToDo() throws IOException {
    String source =
        "class Big {\n  /** Not counted. */\n  void run() {\n" + "\n".repeat(40) + "  }\n";
    Path big = Files.writeString(folder.resolve("Big.java"), source + "\n".repeat(400) + "}\n");

    Map<String, Integer> sizes = sizes(List.of(big));

    assertThat(sizes).isEqualTo(Map.of("Big", 445, "Big.run", 42));
    assertThat(complaints(sizes, Map.of("Big", 444, "Gone", 500)))
        .containsExactly(
            "Big has 445 lines and had 444: split it instead of letting it grow",
            "Big.run has 42 lines, more than 40: split it",
            "Gone fits or is gone: take it off " + LIST);
  }

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
  void theBenchmarksOfTheReadmeAreThoseThatWereRun() throws IOException {
    Pattern command = Pattern.compile("`(bench/run [^`]*)`");
    String readme = Files.readString(Checkout.root().resolve("README.md"));
    String benchmarks = Files.readString(Checkout.root().resolve("docs/BENCHMARKS.md"));
    assertThat(command.matcher(readme).results().map(match -> match.group(1)))
        .isNotEmpty()
        .allSatisfy(run -> assertThat(benchmarks).contains("command: `" + run + "`"));
  }

  @Test
  void nullsAreCheckedInEveryPackageOfTheJar() throws IOException {
    String pom = Files.readString(Checkout.root().resolve("pom.xml"));
    String checked = pom.replaceAll("(?s).*<nullaway.packages>|</nullaway.packages>.*", "");
    String unchecked = pom.replaceAll("(?s).*<nullaway.unchecked>|</nullaway.unchecked>.*", "");
    for (Path place : packages()) {
      boolean isOfTheJar = place.toString().matches(".*/(agent|bootstrap)/src/.*");
      String name = place.toString().replaceAll(".*/java/", "").replace('/', '.');
      if (isOfTheJar) {
        assertThat(isBelow(name, checked) && !isBelow(name, unchecked)).as(name).isTrue();
      }
    }
  }

  private static boolean isBelow(String name, String packages) {
    return Stream.of(packages.split(",")).anyMatch(each -> (name + ".").startsWith(each + "."));
  }

  @Test
  void eachTestThatTakesASeedIsAmongTheCommands() throws IOException {
    Pattern taken = Pattern.compile("[(]\"(walsync|simulation|torture)[.]seed\"");
    String said = Files.readString(Checkout.root().resolve("docs/CONTRIBUTING.md"));
    List<String> unsaid = new ArrayList<>();
    for (String module : List.of("agent", "it-tests")) {
      for (Path test : Checkout.files(Checkout.root().resolve(module + "/src/test"), ".java")) {
        String name = test.getFileName().toString().replace(".java", "");
        boolean isTest = name.endsWith("Test") || name.endsWith("IT");
        boolean isSeeded = taken.matcher(Files.readString(test)).find();
        if (isTest && isSeeded && !said.contains("`" + name + "`")) {
          unsaid.add(name);
        }
      }
    }

    assertThat(unsaid).as("docs/CONTRIBUTING.md, A seed that failed").isEmpty();
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

  private static List<String> complaints(Map<String, Integer> sizes, Map<String, Integer> allowed) {
    List<String> complaints = new ArrayList<>();
    sizes.forEach(
        (name, size) -> {
          boolean isMethod = name.contains(".");
          int limit = isMethod ? MAX_METHOD_LINES : MAX_FILE_LINES;
          Integer today = allowed.get(name);
          if (today == null) {
            complaints.add(name + " has " + size + " lines, more than " + limit + ": split it");
          } else if (size > today) {
            complaints.add(
                name
                    + " has "
                    + size
                    + " lines and had "
                    + today
                    + ": split it instead of letting it grow");
          }
        });
    new TreeMap<>(allowed)
        .keySet().stream()
            .filter(name -> !sizes.containsKey(name))
            .forEach(name -> complaints.add(name + " fits or is gone: take it off " + LIST));
    return complaints;
  }

  /** Those above their limit, files by the name of their class, methods below it. */
  private static Map<String, Integer> sizes(List<Path> files) throws IOException {
    Map<String, Integer> sizes = new TreeMap<>();
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null, manager, null, null, null, manager.getJavaFileObjectsFromPaths(files));
      SourcePositions positions = Trees.instance(task).getSourcePositions();
      for (CompilationUnitTree unit : task.parse()) {
        String file = Path.of(unit.getSourceFile().toUri()).getFileName().toString();
        int lines = Files.readAllLines(Path.of(unit.getSourceFile().toUri())).size();
        put(sizes, file.replace(".java", ""), lines - unit.getImports().size(), MAX_FILE_LINES);
        new Methods(unit, positions, sizes).scan(unit, "");
      }
    }
    return sizes;
  }

  private static void put(Map<String, Integer> sizes, String name, int size, int limit) {
    if (size > limit) {
      sizes.merge(name, size, Math::max);
    }
  }

  private static Map<String, Integer> allowed() throws IOException {
    Map<String, Integer> allowed = new LinkedHashMap<>();
    for (String line : Files.readAllLines(Checkout.root().resolve(LIST))) {
      if (!line.startsWith("#")) {
        String[] words = line.split(" ");
        allowed.put(words[0], Integer.valueOf(words[1]));
      }
    }
    return allowed;
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

  /** Adds the methods of one file that are too large; the argument is the class around. */
  private static final class Methods extends TreeScanner<Void, String> {

    private final CompilationUnitTree unit;
    private final SourcePositions positions;
    private final Map<String, Integer> sizes;

    Methods(CompilationUnitTree unit, SourcePositions positions, Map<String, Integer> sizes) {
      this.unit = unit;
      this.positions = positions;
      this.sizes = sizes;
    }

    @Override
    public Void visitClass(ClassTree type, String around) {
      return super.visitClass(
          type, type.getSimpleName().length() == 0 ? around : type.getSimpleName().toString());
    }

    @Override
    public Void visitMethod(MethodTree method, String type) {
      long start = unit.getLineMap().getLineNumber(positions.getStartPosition(unit, method));
      long end = unit.getLineMap().getLineNumber(positions.getEndPosition(unit, method));
      put(sizes, type + "." + method.getName(), (int) (end - start + 1), MAX_METHOD_LINES);
      return super.visitMethod(method, type);
    }
  }
}
