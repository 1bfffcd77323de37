package io.walsync.host;

import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the machine and the process, shared by all databases of the process.
 *
 * <p>Threading: safe.
 */
public final class Host {

  private final HostLocks locks;

  /** Weak references: an undeployed driver must stay collectable. */
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

  /** True at the first call for a copy of the driver, so that what is said of it is said once. */
  public boolean isNewDriver(@Nullable ClassLoader driverLoader) {
    return seenDrivers.add(driverLoader);
  }
}
