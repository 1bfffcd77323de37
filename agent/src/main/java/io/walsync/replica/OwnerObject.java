package io.walsync.replica;

import org.jspecify.annotations.Nullable;

/** The owner of a replica as it was read, and what the store calls that very object. */
public final class OwnerObject {

  /** There is none. */
  public static final OwnerObject NONE = new OwnerObject(Owner.NOBODY, null);

  private final Owner owner;
  private final @Nullable String tag;

  /**
   * @param tag says whether the object is still the same; null if there is none
   */
  public OwnerObject(Owner owner, @Nullable String tag) {
    this.owner = owner;
    this.tag = tag;
  }

  public Owner owner() {
    return owner;
  }

  public @Nullable String tag() {
    return tag;
  }

  public boolean isThere() {
    return tag != null;
  }
}
