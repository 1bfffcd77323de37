package io.walsync.weave;

import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The weaver and the bridge as the bootstrap uses them. It sees this class only as JDK interfaces:
 * a function from class file to woven class file, a taker of the bridge's sink, and for the agent a
 * source of connections that the sink has missed, and of whether the bridge has disarmed itself.
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
   * @throws UnweavableException if it is not one we know
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
    bridge.setSink(
        (nativeDb, fileName) -> {
          module.openOf(nativeDb);
          return sink.apply(nativeDb, fileName);
        });
  }

  /** Connections that the sink did not survive the open of. */
  @Override
  public Object[] get() {
    return bridge.takeMissed();
  }

  /** Whether the hooks are off, after too many faults. */
  @Override
  public boolean getAsBoolean() {
    return bridge.isDisarmed();
  }

  /** Each open is told beforehand and afterwards, with the way to ask whether any was missed. */
  private void tellOpenings(ObjLongConsumer<BooleanSupplier> openings) {
    BooleanSupplier areTold = bridge::areOpeningsTold;
    bridge.setOpenings(change -> openings.accept(areTold, change));
  }

  /**
   * Weaves the drivers that were loaded before the agent, or past it.
   *
   * @param finder takes a NativeDB and, or null, a statement it is about to run; returns the
   *     connection's hook or null
   * @return how many there are that were not woven yet
   * @throws UnweavableException if one of them is unknown; it stays as it was
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
