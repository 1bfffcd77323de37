package io.walsync.bench.peer;

import io.walsync.bench.lab.Lab;
import io.walsync.bench.lab.TestBed;
import java.util.ArrayList;
import java.util.List;

/** Who takes part in this run. */
public final class Contenders {

  private static final String MINIO = "minio";

  private final List<Contender> replicating = new ArrayList<>();
  private final List<String> absent = new ArrayList<>();

  private Contenders() {}

  /**
   * Walsync, and those peers whose program is there. Peers run only against a real MinIO.
   *
   * @param wanted part of their names in lower case, such as {@code walsync}; empty for all
   */
  public static Contenders find(Lab lab, List<String> wanted) {
    Contenders found = new Contenders();
    found.add(new Walsync(), wanted);
    boolean isMinio = lab.peer(MINIO).isPresent();
    lab.peer(Litestream.BINARY)
        .filter(binary -> isMinio)
        .ifPresentOrElse(
            binary -> found.add(new Litestream(binary), wanted),
            () -> found.absent.add("Litestream 0.5.18"));
    lab.peer(Walrust.BINARY)
        .filter(binary -> isMinio)
        .ifPresentOrElse(
            binary -> found.add(new Walrust(binary), wanted),
            () -> found.absent.add("walrust 0.7.0"));
    return found;
  }

  private void add(Contender contender, List<String> wanted) {
    if (wanted.isEmpty() || wanted.stream().anyMatch(contender.name().toLowerCase()::startsWith)) {
      replicating.add(contender);
    }
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

  /** What tables say of the store and of who is missing. */
  public String note(TestBed bed) {
    String store = "store: " + bed.storeName() + " behind the harness's proxy";
    return absent.isEmpty() ? store : store + "; not here: " + String.join(", ", absent);
  }
}
