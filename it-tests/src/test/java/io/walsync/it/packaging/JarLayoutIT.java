package io.walsync.it.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.commons.ClassRemapper;
import net.bytebuddy.jar.asm.commons.Remapper;
import org.junit.jupiter.api.Test;

class JarLayoutIT {

  /** Twice what it was when this was written; its bulk is SQLite for sixteen platforms. */
  private static final long SIZE_BUDGET_BYTES = 28_000_000;

  private static final int JAVA_8 = 52;
  private static final Pattern OWN = Pattern.compile("inst/io/walsync/(?!shaded/).*");
  private static final Pattern BUNDLED =
      Pattern.compile(
          "inst/io/walsync/shaded/"
              + "(net/bytebuddy/jar/asm|net/jpountz|org/snakeyaml|picocli|org/slf4j"
              + "|me/tongfei|org/jline|software/amazon|org/reactivestreams)/.*");
  private static final Pattern SERVICE =
      Pattern.compile("inst/META-INF/services/io\\.walsync\\.shaded\\..*");
  private static final Pattern TERMINAL_PROVIDER =
      Pattern.compile("inst/META-INF/services/org/jline/terminal/provider/.*");

  /** The AWS SDK probes for its native parts, and does without. */
  private static final Pattern PROBED =
      Pattern.compile("io/walsync/shaded/software/amazon/awssdk/crt(core)?/.*");

  private static final Pattern RESOLVABLE =
      Pattern.compile("(java|javax|jdk|sun|com/sun|org/w3c|org/xml|org/ietf)/.*");

  @Test
  void theRootHoldsTheBootstrapAndNothingElse() throws IOException {
    Set<String> root = new TreeSet<>();
    for (String entry : Packed.entries()) {
      if (!entry.startsWith("inst/") && !entry.startsWith("cli/")) {
        root.add(entry);
      }
    }
    assertThat(root)
        .containsExactlyInAnyOrder(
            "META-INF/MANIFEST.MF",
            "META-INF/NOTICE",
            "META-INF/licenses/ASM.txt",
            "META-INF/licenses/Apache-2.0.txt",
            "META-INF/licenses/SLF4J.txt",
            "boot/WalsyncBridge.classdata",
            "io/walsync/bootstrap/AgentClassLoader.class",
            "io/walsync/bootstrap/AgentEntry.class",
            "io/walsync/bootstrap/AgentJar.class",
            "io/walsync/bootstrap/AttachRequest.class",
            "io/walsync/bootstrap/Attachment.class",
            "io/walsync/bootstrap/Bundle.class",
            "io/walsync/bootstrap/EntryUrls$EntryConnection.class",
            "io/walsync/bootstrap/EntryUrls.class",
            "io/walsync/bootstrap/IsolatedAgent.class",
            "io/walsync/bootstrap/Main.class",
            "io/walsync/bootstrap/NativeDbTransformer$Weave.class",
            "io/walsync/bootstrap/NativeDbTransformer.class",
            "io/walsync/bootstrap/OtherDrivers.class",
            "io/walsync/bootstrap/PlainJar.class",
            "io/walsync/bootstrap/Stderr.class",
            "io/walsync/bootstrap/WeavingThread$LastWord.class",
            "io/walsync/bootstrap/WeavingThread$Order.class",
            "io/walsync/bootstrap/WeavingThread.class");
  }

  /** Each costs every JVM that starts with the agent, with or without SQLite. */
  @Test
  void theJarItselfHasFewEntries() throws IOException {
    try (JarFile jar = new JarFile(Packed.jar().toFile())) {
      assertThat(jar.size()).isLessThan(40);
    }
  }

  @Test
  void everythingUnderInstIsOursOrRelocated() throws IOException {
    assertThat(Packed.entries())
        .filteredOn(entry -> entry.startsWith("inst/"))
        .allMatch(
            entry ->
                OWN.matcher(entry).matches()
                    || BUNDLED.matcher(entry).matches()
                    || SERVICE.matcher(entry).matches()
                    || TERMINAL_PROVIDER.matcher(entry).matches())
        .noneMatch(entry -> entry.endsWith(".class"))
        .noneMatch(entry -> entry.matches(".*\\.(so|dll|dylib|jnilib)"));
  }

  @Test
  void underCliIsSqliteJdbcAlone() throws IOException {
    assertThat(Packed.entries())
        .filteredOn(entry -> entry.startsWith("cli/"))
        .allMatch(
            entry ->
                entry.startsWith("cli/org/sqlite/")
                    || entry.startsWith("cli/META-INF/maven/org.xerial/sqlite-jdbc/")
                    || entry.equals("cli/META-INF/services/java.sql.Driver")
                    || entry.equals("cli/sqlite-jdbc.properties"))
        .contains("cli/org/sqlite/JDBC.classdata")
        .noneMatch(entry -> entry.endsWith(".class"))
        .anyMatch(entry -> entry.endsWith("/libsqlitejdbc.so"));
    assertThat(Packed.entries()).noneMatch(entry -> entry.matches("inst/.*sqlite/.*jdbc.*"));
  }

  @Test
  void noClassNeedsMoreThanJava8() throws IOException {
    for (String entry : classes()) {
      try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(Packed.read(entry)))) {
        in.readInt();
        in.readUnsignedShort();
        assertThat(in.readUnsignedShort()).as(entry).isLessThanOrEqualTo(JAVA_8);
      }
    }
  }

  @Test
  void classesReferOnlyToTheJdkAndToEachOther() throws IOException {
    Set<String> entries = Set.copyOf(Packed.entries());
    Set<String> strangers = new TreeSet<>();
    for (String entry : classes()) {
      if (entry.startsWith("cli/")) {
        continue;
      }
      for (String type : referredTypes(Packed.read(entry))) {
        if (!isThere(type, entry, entries)) {
          strangers.add(type + " of " + entry);
        }
      }
    }
    assertThat(strangers).isEmpty();
  }

  @Test
  void serviceFilesNameRelocatedClassesThatExist() throws IOException {
    List<String> entries = Packed.entries();
    List<String> services =
        entries.stream().filter(SERVICE.asMatchPredicate()).collect(Collectors.toList());
    assertThat(services).isNotEmpty();
    for (String service : services) {
      for (String line : new String(Packed.read(service), StandardCharsets.UTF_8).split("\\R")) {
        String type = line.replaceAll("#.*", "").trim();
        if (!type.isEmpty()) {
          assertThat(entries).contains("inst/" + type.replace('.', '/') + ".classdata");
        }
      }
    }
  }

  @Test
  void theManifestHasWhatTheJvmNeedsAndNothingThatLeaks() throws IOException {
    try (JarFile jar = new JarFile(Packed.jar().toFile())) {
      Attributes main = jar.getManifest().getMainAttributes();
      assertThat(main.getValue("Premain-Class")).isEqualTo("io.walsync.bootstrap.AgentEntry");
      assertThat(main.getValue("Agent-Class")).isEqualTo("io.walsync.bootstrap.AgentEntry");
      assertThat(main.getValue("Main-Class")).isEqualTo("io.walsync.bootstrap.Main");
      assertThat(main.getValue("Can-Set-Native-Method-Prefix")).isEqualTo("true");
      assertThat(main.getValue("Can-Retransform-Classes")).isEqualTo("true");
      assertThat(main.getValue("Implementation-Version")).matches("\\d+\\.\\d+\\.\\d+.*");
      assertThat(main.keySet())
          .extracting(Object::toString)
          .doesNotContain(
              "Class-Path", "Boot-Class-Path", "Multi-Release", "Created-By", "Built-By");
    }
  }

  @Test
  void everyBundledLibraryIsInTheNotice() throws IOException {
    String notice = new String(Packed.read("META-INF/NOTICE"), StandardCharsets.UTF_8);
    Set<String> libraries =
        Packed.entries().stream()
            .filter(BUNDLED.asMatchPredicate())
            .map(entry -> BUNDLED.matcher(entry).replaceAll("$1"))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(libraries).isNotEmpty().allSatisfy(it -> assertThat(notice).contains(it));
    assertThat(notice).contains("org/sqlite");
  }

  @Test
  void theJarStaysWithinItsBudget() throws IOException {
    long bytes = Files.size(Packed.jar());
    System.out.printf("walsync-agent.jar: %,d bytes, %d entries%n", bytes, Packed.entries().size());
    assertThat(bytes).isLessThan(SIZE_BUDGET_BYTES);
  }

  private static boolean isThere(String type, String referredFrom, Set<String> entries) {
    if (type.startsWith("io/walsync/")) {
      return entries.contains("inst/" + type + ".classdata")
          || entries.contains(type + ".class")
          || PROBED.matcher(type).matches();
    }
    if (type.startsWith("org/sqlite/")) {
      // elsewhere a driver is met by reflection only: it is the host's
      return referredFrom.startsWith("inst/io/walsync/cli/")
          && entries.contains("cli/" + type + ".classdata");
    }
    // A JVM passes over annotations whose class it does not find.
    return type.startsWith("org/jspecify/annotations/") || RESOLVABLE.matcher(type).matches();
  }

  private static List<String> classes() throws IOException {
    return Packed.entries().stream()
        .filter(entry -> entry.endsWith(".classdata") || entry.endsWith(".class"))
        .collect(Collectors.toList());
  }

  private static Set<String> referredTypes(byte[] classFile) {
    Set<String> types = new TreeSet<>();
    Remapper recorder =
        new Remapper(Opcodes.ASM9) {
          @Override
          public String map(String internalName) {
            types.add(internalName);
            return internalName;
          }
        };
    new ClassReader(classFile)
        .accept(new ClassRemapper(new ClassWriter(0), recorder), ClassReader.SKIP_FRAMES);
    return types;
  }
}
