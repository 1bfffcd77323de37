package io.walsync.bench.peer;

import io.walsync.bench.lab.Lab;
import io.walsync.bench.lab.ProgramVersion;
import io.walsync.bench.lab.TestBed;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Who takes part in this run. */
public final class Contenders {

  private static final String MINIO = "minio";

  private static final String LITESTREAM = "Litestream " + Litestream.VERSION;
  private static final String WALRUST = "walrust " + Walrust.VERSION;

  private final List<Contender> replicating = new ArrayList<>();
  private final List<String> absent = new ArrayList<>();

  private Contenders() {}

  /**
   * Walsync, and those peers whose program is there in the version that this was written for. Peers
   * run only against a real MinIO.
   *
   * @param wanted part of their names in lower case, such as {@code walsync}; empty for all
   */
  public static Contenders find(Lab lab, List<String> wanted) {
    Contenders found = new Contenders();
    found.add(new Walsync(), wanted);
    boolean isMinio = lab.peer(MINIO).isPresent();
    litestream(lab)
        .filter(binary -> isMinio)
        .ifPresentOrElse(
            binary -> found.add(new Litestream(LITESTREAM, binary), wanted),
            () -> found.miss(LITESTREAM, wanted));
    lab.peer("walrust")
        .filter(binary -> isMinio && isVersion(Walrust.VERSION, binary, "--version"))
        .ifPresentOrElse(
            binary -> found.add(new Walrust(WALRUST, binary), wanted),
            () -> found.miss(WALRUST, wanted));
    return found;
  }

  /** Several versions may be side by side, each with its own in its name. */
  private static Optional<Path> litestream(Lab lab) {
    return lab.peer("litestream-" + Litestream.VERSION)
        .or(() -> lab.peer("litestream"))
        .filter(binary -> isVersion(Litestream.VERSION, binary, "version"));
  }

  private static boolean isVersion(String version, Path binary, String argument) {
    return ProgramVersion.of(binary, argument).equals(version);
  }

  private void add(Contender contender, List<String> wanted) {
    if (isWanted(contender.name(), wanted)) {
      replicating.add(contender);
    }
  }

  private void miss(String name, List<String> wanted) {
    if (isWanted(name, wanted)) {
      absent.add(name);
    }
  }

  private static boolean isWanted(String name, List<String> wanted) {
    return wanted.isEmpty() || wanted.stream().anyMatch(name.toLowerCase(Locale.ROOT)::startsWith);
  }

  public List<Contender> replicating() {
    return List.copyOf(replicating);
  }

  /** With the application alone in the first place. */
  public List<Contender> withNobody() {
    List<Contender> all = new ArrayList<>(List.of(new Nobody()));
    all.addAll(replicating);
    return all;
  }

  /** Peers that are not there, for the notes; their rows are empty. */
  public List<String> absent() {
    return List.copyOf(absent);
  }

  /** What tables say of settings where all have their defaults. */
  public String defaults(TestBed bed) {
    return replicating.stream()
        .map(contender -> contender.name() + ": " + contender.settings(bed.sample(null)))
        .collect(Collectors.joining("; "));
  }

  /** What tables say of the store and of who is missing. */
  public String note(TestBed bed) {
    String store = "store: " + bed.storeName() + " behind the harness's proxy";
    return absent.isEmpty() ? store : store + "; not here: " + String.join(", ", absent);
  }
}
