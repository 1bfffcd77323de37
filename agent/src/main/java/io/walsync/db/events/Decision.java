package io.walsync.db.events;

/**
 * Decisions about a database whose reasons help to explain what the agent does. They are logged at
 * {@code level: debug} only.
 */
public enum Decision {
  /** The staging folder was opened; the reason says whether its content is used. */
  FOLDER_OPENED("staging folder opened"),
  /** Another process has used the folder since it was parked. */
  FOLDER_CHANGED("staging folder used by another process"),
  /** The folder was emptied, since what it says is not what the replica holds. */
  FOLDER_FORGOTTEN("staging folder forgotten"),
  /** The folder was parked while nobody has the database open. */
  FOLDER_PARKED("staging folder given back"),
  /** Segments were merged to make room. */
  SEGMENTS_MERGED("segments merged"),
  /** Capture goes on at the place in the WAL that the folder names. */
  PLACE_TRUSTED("place in the WAL trusted"),
  /** Capture cannot go on at that place: the whole database is compared. */
  PLACE_NOT_TRUSTED("place in the WAL not trusted"),
  /** The place is dropped: what was committed after it is not known any more. */
  PLACE_FORGOTTEN("place in the WAL forgotten"),
  /** The place was noted at which a close or a comparison has left the database. */
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
  /** A checkpoint was due and not tried. */
  CHECKPOINT_SKIPPED("checkpoint skipped"),
  /** The replica is listed before anything else is done with it. */
  REPLICA_ASKED("replica listed"),
  /** What the listing found. */
  REPLICA_ANSWERED("replica answered"),
  /** The local state that was read back from the replica is used. */
  REPLICA_ADOPTED("replica adopted"),
  /** A file has reached the store. */
  UPLOADED("uploaded"),
  /** A request has failed and is made again. */
  REQUEST_RETRIED("request tried again");

  private final String words;

  Decision(String words) {
    this.words = words;
  }

  /** The decision in words, for people. */
  public String words() {
    return words;
  }
}
