package io.walsync.db.staging;

import static org.assertj.core.api.Assertions.assertThat;

import io.walsync.io.Disk;
import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.testkit.Checkout;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The list in the package comment names all that a staging folder holds, and nothing else. */
class StagingLayoutTest {

  @TempDir Path folder;

  @Test
  void theListNamesEveryFileOfAStagingFolder() throws IOException {
    Path root = folder.resolve(".app.db-walsync");
    try (Staging staging = Staging.open(Disk.REAL, root.toFile())) {
      Position position = Position.before(0).of("file:///replica", "");
      staging.save(position);
      staging.checksums().set(new int[] {1}, new long[] {-1}, 1);
      staging.tables().retire().set(new int[] {1}, new long[] {-1}, 1);
      staging.tables().found().set(new int[] {1}, new long[] {-1}, 1);
      staging.aside().put("file:///replica");
      staging.reload();
      staging.save(position);
      staging.clear();
      staging.save(position);
      staging.checksums().set(new int[] {1}, new long[] {-1}, 1);
      staging.seal(
          LtxFileInfo.LEVEL_SNAPSHOT,
          (target, txid) -> {
            create(target);
            return new Captured(0, staging.position());
          });
      staging.refusal().write("file:///replica", 0, "behind");
      staging.fence().write("file:///replica", 0, "fenced");
      staging.marks().markEarlierBoot(true);
      create(staging.segments().fileOf(3));
      create(staging.sealed().fileOf(0, Txid.of(8), Txid.of(8)));
      staging.stash("kept").put(1, new byte[512]);

      assertThat(files(root)).allSatisfy(file -> assertThat(names()).anyMatch(matches(file)));
      assertThat(names())
          .allSatisfy(name -> assertThat(files(root)).anyMatch(file -> matches(file).test(name)));
    }
  }

  private static Predicate<String> matches(String file) {
    return name ->
        Pattern.matches(
            Pattern.quote(name)
                .replaceAll("<any>", "\\\\E.+\\\\Q")
                .replaceAll("<[^>]*>", "\\\\E[0-9a-f]{16}\\\\Q"),
            file);
  }

  /** Paths below the folder, with placeholders in pointed brackets. */
  private static List<String> names() throws IOException {
    List<String> names = new ArrayList<>();
    boolean isList = false;
    for (String line : Checkout.packageComment("io.walsync.db.staging").split("\n")) {
      isList = isList && !line.contains("</pre>") || line.startsWith(".&lt;name&gt;-walsync/");
      if (isList && line.startsWith("  ")) {
        names.add(line.strip().split(" ")[0].replace("&lt;", "<").replace("&gt;", ">"));
      }
    }
    return names;
  }

  private static List<String> files(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files.filter(Files::isRegularFile).map(f -> root.relativize(f).toString()).toList();
    }
  }

  private static void create(File file) throws IOException {
    Files.createFile(file.toPath());
  }
}
