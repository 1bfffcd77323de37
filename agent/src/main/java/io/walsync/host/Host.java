package io.walsync.host;

import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;

/**
 * What all databases of this process share in knowledge of their surroundings.
 *
 * <p>Threading: safe.
 */
public final class Host {

  private final HostLocks locks;

  /** Weak: a driver that was undeployed must stay collectable. */
  private final Set<ClassLoader> seenDrivers =
      Collections.newSetFromMap(Collections.synchronizedMap(new WeakHashMap<>()));

  public Host() {
    this(new HostLocks(HostLocks.READ_INTERVAL_NANOS));
  }

  public Host(HostLocks locks) {
    this.locks = locks;
  }

  /** The locks the kernel holds for this process. */
  public HostLocks locks() {
    return locks;
  }

  /**
   * Whether a copy of the driver is asked about for the first time, so that what is to be said of
   * it is said once.
   */
  public boolean isNewDriver(ClassLoader driverLoader) {
    return seenDrivers.add(driverLoader);
  }
}
