package io.walsync.weave;

import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.ObjIntConsumer;
import java.util.function.ObjLongConsumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The weaver and the bridge as the bootstrap uses them. The bootstrap sees this class only through
 * JDK interfaces: a function from class file to woven class file, and a consumer of the bridge's
 * sink. The agent sees it as a supplier of connections that the sink has missed, and of whether the
 * bridge has disarmed itself.
 */
public final class Weaving
    implements UnaryOperator<byte[]>,
        Consumer<BiFunction<Object, Object, Object>>,
        Supplier<Object[]>,
        BooleanSupplier {

  private final NativeDbWeaver weaver;
  private final Bridge bridge;
  private final DriverModule module;
  private @Nullable LoadedDrivers loaded;

  private Weaving(Bridge bridge, DriverModule module) {
    this.bridge = bridge;
    this.module = module;
    this.weaver = new NativeDbWeaver(bridge.internalName());
  }

  /**
   * Installs the bridge; to be called once in a JVM.
   *
   * @param bridgeClassFile of {@code java.lang.WalsyncBridge}
   */
  public static Weaving start(Instrumentation instrumentation, byte[] bridgeClassFile)
      throws IOException, ReflectiveOperationException {
    Bridge bridge = new BridgeInstaller(instrumentation, bridgeClassFile).install();
    Bridge.installed(bridge);
    return new Weaving(bridge, new DriverModule(instrumentation));
  }

  /**
   * @param classFile of a NativeDB
   * @throws UnweavableException if it is of an unknown version
   */
  @Override
  public byte[] apply(byte[] classFile) {
    return weaver.weave(classFile);
  }

  @Override
  @SuppressWarnings("unchecked")
  public void accept(BiFunction<Object, Object, Object> sink) {
    if (sink instanceof ObjLongConsumer) {
      tellOpenings((ObjLongConsumer<BooleanSupplier>) sink);
    }
    if (sink instanceof ObjIntConsumer) {
      bridge.setGuard((ObjIntConsumer<Object>) sink);
    }
    bridge.setSink(
        (nativeDb, fileName) -> {
          module.openOf(nativeDb);
          return sink.apply(nativeDb, fileName);
        });
  }

  /** Connections that got no hook because the sink threw; see {@link Bridge#takeMissed}. */
  @Override
  public Object[] get() {
    return bridge.takeMissed();
  }

  /** Whether the hooks are off, after too many faults. */
  @Override
  public boolean getAsBoolean() {
    return bridge.isDisarmed();
  }

  /**
   * Has {@code openings} called before and after each open, with a way to ask whether an open was
   * missed.
   */
  private void tellOpenings(ObjLongConsumer<BooleanSupplier> openings) {
    BooleanSupplier areTold = bridge::areOpeningsTold;
    bridge.setOpenings(change -> openings.accept(areTold, change));
  }

  /**
   * Weaves the drivers that were loaded before the agent, or that the transformer has missed.
   *
   * @param finder takes a NativeDB and, or null, a statement it is about to run; returns the
   *     connection's hook or null
   * @return how many drivers have been woven now
   * @throws UnweavableException if one of them is unknown, or the hooks are off; no driver has
   *     changed
   */
  public synchronized int weaveLoaded(
      Instrumentation instrumentation, BiFunction<Object, Object, Object> finder) {
    if (bridge.isDisarmed()) {
      throw new UnweavableException(
          "the hooks have failed "
              + bridge.faultCount()
              + " times in this JVM and are off until the application is restarted");
    }
    bridge.setFinder(finder);
    if (loaded == null) {
      loaded = new LoadedDrivers(instrumentation, bridge.internalName());
    }
    return loaded.weave();
  }

  /** Gives the drivers that were loaded before the agent their own code back. */
  public synchronized void unweaveLoaded() {
    bridge.setFinder(null);
    if (loaded != null) {
      loaded.unweave();
      loaded = null;
    }
  }
}
