package io.walsync;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import io.walsync.testkit.Checkout;
import io.walsync.testkit.PackageMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

  private static final String OURS = "io.walsync";
  private static final Pattern TEST_NAME = Pattern.compile("\\b[A-Z]\\w*(?:Test|IT)\\b");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(OURS);

  @Test
  void thePackagesAreThoseOfTheMap() throws IOException {
    Map<String, Set<String>> found = new TreeMap<>();
    for (JavaClass type : CLASSES) {
      Set<String> used = found.computeIfAbsent(nameBelowOurs(type), any -> new TreeSet<>());
      for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
        JavaClass target = dependency.getTargetClass();
        if (target.getPackageName().startsWith(OURS)) {
          used.add(nameBelowOurs(target));
        }
      }
      used.remove(nameBelowOurs(type));
    }

    assertThat(PackageMap.drawn().complaints(found)).isEmpty();
  }

  @Test
  void arrowsPointDownAndNothingPointsBack() throws IOException {
    LayeredArchitecture layers =
        layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage(OURS + "..")
            .ensureAllClassesAreContainedInArchitecture();
    Map<String, List<String>> uses = PackageMap.drawn().uses();
    for (String name : uses.keySet()) {
      layers = layers.layer(name).definedBy(OURS + "." + name);
    }
    for (String name : uses.keySet()) {
      String[] used = uses.get(name).toArray(new String[0]);
      layers =
          used.length == 0
              ? layers.whereLayer(name).mayNotAccessAnyLayer()
              : layers.whereLayer(name).mayOnlyAccessLayers(used);
    }

    layers.because("that is " + PackageMap.PLACE).check(CLASSES);
  }

  @Test
  void everyDecisionSaysItsProblemChoicePriceAndTests() throws IOException {
    String document = Files.readString(Checkout.root().resolve("docs/ARCHITECTURE.md"));
    String decisions = document.substring(document.indexOf("\n# Decisions\n"));
    List<String> tests = testNames();

    for (String chapter : decisions.split("\n## ")) {
      String heading = chapter.lines().findFirst().orElse("");
      if (heading.isEmpty() || heading.startsWith("What is not here")) {
        continue;
      }
      assertThat(chapter).as(heading).contains("*Problem.*", "*Choice.*", "*Price.*", "*Held by*");
      String held = chapter.substring(chapter.indexOf("*Held by*")).split("\n\n")[0];
      assertThat(TEST_NAME.matcher(held).results().map(MatchResult::group))
          .as(heading)
          .isNotEmpty()
          .allMatch(tests::contains, "is a test that exists");
    }
  }

  @Test
  void onlyTheHostsDriverAndTheCommandLineSpeakSql() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            "io.walsync.sqlite..", "io.walsync.cli..", "io.walsync.bootstrap..")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("java.sql..", "org.sqlite..")
                .and(not(assignableTo(SQLException.class))))
        .because("one SQLite in a process, and one place where it is called (I3)")
        .check(CLASSES);
  }

  @Test
  void formatsArePure() {
    noClasses()
        .that()
        .resideInAnyPackage("io.walsync.ltx..", "io.walsync.wal..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.nio.channels..", "java.nio.file..", "java.net..", "java.sql..")
        .check(CLASSES);
  }

  @Test
  void theWeaverSeesOnlyTheBridgeAndTheJdk() {
    noClasses()
        .that()
        .resideInAPackage("io.walsync.weave..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.walsync.agent..", "io.walsync.db..", "io.walsync.hook..")
        .check(CLASSES);
  }

  private static String nameBelowOurs(JavaClass type) {
    return type.getPackageName().substring(OURS.length() + 1);
  }

  private static List<String> testNames() throws IOException {
    List<String> names = new ArrayList<>();
    for (String module : List.of("agent", "bootstrap", "it-tests")) {
      for (Path file :
          Checkout.files(Checkout.root().resolve(module).resolve("src/test"), ".java")) {
        names.add(file.getFileName().toString().replace(".java", ""));
      }
    }
    return names;
  }
}
