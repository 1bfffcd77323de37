package io.walsync.db.events;

/**
 * What the agent decides about a database, and somebody who supports it asks the reason of. Told at
 * {@code level: debug} only.
 */
public enum Decision {
  /** The staging folder was opened, and what lay in it is gone on with or not. */
  FOLDER_OPENED("staging folder opened"),
  /** Another process has used the folder since it was given back. */
  FOLDER_CHANGED("staging folder used by another process"),
  /** The folder was emptied, since what it says is not what the replica holds. */
  FOLDER_FORGOTTEN("staging folder forgotten"),
  /** The folder was given back while nobody has the database open. */
  FOLDER_PARKED("staging folder given back"),
  /** Segments were merged to make room. */
  SEGMENTS_MERGED("segments merged"),
  /** Capture goes on at the place in the WAL that the folder knows. */
  PLACE_TRUSTED("place in the WAL trusted"),
  /** It does not: the whole database is compared. */
  PLACE_NOT_TRUSTED("place in the WAL not trusted"),
  /** What follows cannot be told from the place any more. */
  PLACE_FORGOTTEN("place in the WAL forgotten"),
  /** Where or how a close, or a comparison, has left the database. */
  PLACE_NOTED("place noted"),
  /** The whole database is compared with what the replica has. */
  COMPARISON("comparison"),
  /** The whole database is staged. */
  SNAPSHOT("snapshot staged"),
  /** Capture, a comparison or the switch to WAL mode cannot begin yet. */
  START_POSTPONED("start postponed"),
  /** Nothing was committed for a while, and nobody has to wait for the pin any more. */
  PIN_RELEASED("pin released"),
  /** A checkpoint was tried. */
  CHECKPOINT("checkpoint"),
  /** One was due and not tried. */
  CHECKPOINT_SKIPPED("checkpoint skipped"),
  /** The replica is listed before anything else is done with it. */
  REPLICA_ASKED("replica listed"),
  /** What that found. */
  REPLICA_ANSWERED("replica answered"),
  /** What was read back from the replica is gone on with. */
  REPLICA_ADOPTED("replica adopted"),
  /** A file has reached the store. */
  UPLOADED("uploaded"),
  /** A request has failed and is made again. */
  REQUEST_RETRIED("request tried again");

  private final String words;

  Decision(String words) {
    this.words = words;
  }

  /** For people. */
  public String words() {
    return words;
  }
}
