package io.walsync.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The map of packages drawn in docs/ARCHITECTURE.md: a line for each, {@code name -> those it may
 * use}, names below {@code io.walsync}.
 */
public final class PackageMap {

  public static final String PLACE = "the map of packages in docs/ARCHITECTURE.md";

  private static final String HEADING = "## The packages";
  private static final String FENCE = "```";

  private final Map<String, List<String>> uses = new LinkedHashMap<>();

  private PackageMap() {}

  public static PackageMap drawn() throws IOException {
    List<String> lines =
        Files.readAllLines(Checkout.root().resolve("docs").resolve("ARCHITECTURE.md"));
    List<String> chapter = lines.subList(lines.indexOf(HEADING), lines.size());
    List<String> map = chapter.subList(chapter.indexOf(FENCE) + 1, chapter.size());
    return of(map.subList(0, map.indexOf(FENCE)));
  }

  static PackageMap of(List<String> lines) {
    PackageMap map = new PackageMap();
    for (String line : lines) {
      String[] sides = line.split("->");
      List<String> used = sides.length < 2 ? List.of() : List.of(sides[1].trim().split(" +"));
      map.uses.put(sides[0].trim(), used);
    }
    return map;
  }

  /** From the top down. */
  public Map<String, List<String>> uses() {
    return uses;
  }

  /** What has to be changed in the map, given the packages that exist and what each uses. */
  public List<String> complaints(Map<String, Set<String>> found) {
    List<String> complaints = new ArrayList<>();
    found.forEach(
        (name, used) -> {
          List<String> drawn = uses.get(name);
          if (drawn == null) {
            complaints.add("add to " + PLACE + ": " + name + " -> " + String.join(" ", used));
          } else {
            used.stream()
                .filter(each -> !drawn.contains(each))
                .forEach(each -> complaints.add(name + " uses " + each + ": cut that, or draw it"));
          }
        });
    List<String> below = new ArrayList<>(uses.keySet());
    uses.forEach(
        (name, drawn) -> {
          below.remove(name);
          if (!found.containsKey(name)) {
            complaints.add("there is no package " + name + ": take its line out of " + PLACE);
          }
          drawn.stream()
              .filter(each -> !below.contains(each))
              .forEach(each -> complaints.add(name + " -> " + each + " does not point down"));
        });
    return complaints;
  }
}
