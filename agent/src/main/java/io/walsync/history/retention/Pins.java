package io.walsync.history.retention;

import io.walsync.history.Proof;
import io.walsync.history.ProvedState;
import io.walsync.io.Clock;
import io.walsync.io.Json;
import io.walsync.ltx.Txid;
import io.walsync.replica.LtxFileInfo;
import io.walsync.replica.NoteStore;
import io.walsync.replica.ReplicaClient;
import io.walsync.replica.ReplicaException;
import io.walsync.replica.ReplicaFiles;
import io.walsync.restore.RestoreException;
import io.walsync.restore.RestorePlan;
import io.walsync.restore.RestoreResult;
import io.walsync.restore.RestoreTarget;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The named states of a replica, each a note {@code walsync/pins/NAME.json} beside the owner's
 * object, so that two who make pins at a time do not meet.
 */
public final class Pins {

  /** What a name may be: it becomes part of a key and of a file name. */
  public static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  private static final String FOLDER = "pins/";
  private static final String SUFFIX = ".json";

  /** Of a note that is there, and is no pin. */
  private static final class DamagedPinException extends ReplicaException {
    private static final long serialVersionUID = 1L;

    DamagedPinException(String name, String replicaUrl, Exception cause) {
      super(
          "the pin "
              + name
              + " of "
              + replicaUrl
              + " is damaged and does not say which state it means; walsync unpin removes it",
          cause,
          true);
    }
  }

  private final ReplicaClient client;
  private final NoteStore notes;
  private final Clock clock;

  public Pins(ReplicaClient client, Clock clock) {
    this.client = client;
    this.notes = client.notes();
    this.clock = clock;
  }

  /**
   * All of them, by name.
   *
   * @throws ReplicaException if one cannot be read: which state it means, nobody knows then
   */
  public List<Pin> list() throws IOException {
    List<ReplicaException> damaged = new ArrayList<>();
    List<Pin> pins = legible(damaged::add);
    if (!damaged.isEmpty()) {
      throw damaged.get(0);
    }
    return pins;
  }

  /**
   * Those that say which state they mean, by name.
   *
   * @param damaged told of the others
   */
  public List<Pin> legible(Consumer<ReplicaException> damaged) throws IOException {
    List<Pin> pins = new ArrayList<>();
    for (String note : notes.names(FOLDER)) {
      if (note.endsWith(SUFFIX)) {
        try {
          Pin pin = find(note.substring(0, note.length() - SUFFIX.length()));
          if (pin != null) {
            pins.add(pin);
          }
        } catch (DamagedPinException e) {
          damaged.accept(e);
        }
      }
    }
    return pins;
  }

  /** Null if there is none of that name. */
  public @Nullable Pin find(String name) throws IOException {
    byte[] content = notes.read(FOLDER + name + SUFFIX);
    if (content == null) {
      return null;
    }
    NoteText text = new NoteText(content);
    String txid = text.string("txid");
    try {
      return new Pin(
          name,
          Txid.parse(txid == null ? "" : txid),
          Math.max(0, text.number("time")),
          Math.max(0, text.number("made")));
    } catch (IllegalArgumentException e) {
      throw new DamagedPinException(name, client.url(), e);
    }
  }

  /**
   * Pins a state, and proves that it can be restored by reading it. It is noted first: whoever
   * deletes from then on leaves it alone.
   *
   * @param txid of a state that can be restored
   * @throws RefusedException if there is one of that name, or a prune is about to delete the state
   * @throws io.walsync.restore.RestoreException if the state cannot be restored
   * @throws IOException if the replica could not be read or written
   */
  public ProvedState add(String name, Txid txid, long stateMillis, Proof proof) throws IOException {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(name);
    }
    Json json =
        new Json()
            .beginObject()
            .member("txid", txid.toString())
            .member("time", Math.max(0, stateMillis))
            .member("made", storeMillis())
            .endObject();
    String note = FOLDER + name + SUFFIX;
    if (!notes.create(note, NoteText.bytes(json))) {
      throw new RefusedException(
          "there is a pin " + name + " in " + client.url() + "; name another, or unpin it first");
    }
    boolean isProved = false;
    try {
      requireNotDoomed(name, txid);
      ProvedState state = proof.stream(RestoreTarget.at(txid));
      RestoreResult content = state.content();
      isProved = content != null;
      return state;
    } finally {
      if (!isProved) {
        notes.delete(note);
      }
    }
  }

  /** Whoever deletes looks at the pins after its own note: one of the two sees the other. */
  private void requireNotDoomed(String name, Txid txid) throws IOException {
    PruneNote note = new PruneNotes(client).newest();
    List<LtxFileInfo> files = ReplicaFiles.list(client);
    if (!files.removeAll(note.of(files))) {
      return; // what it names is gone, and the state is proved without it
    }
    try {
      RestorePlan.of(client.url(), files, RestoreTarget.at(txid));
    } catch (RestoreException e) {
      throw new RefusedException(
          "the state that the pin " + name + " is for is about to be deleted by a prune", e);
    }
  }

  private long storeMillis() {
    long millis = client.storeMillis();
    return millis == ReplicaClient.NO_TIME ? clock.millis() : millis;
  }

  /**
   * @return false if there is none of that name
   */
  public boolean remove(String name) throws IOException {
    boolean isThere = notes.read(FOLDER + name + SUFFIX) != null;
    notes.delete(FOLDER + name + SUFFIX);
    return isThere;
  }
}
