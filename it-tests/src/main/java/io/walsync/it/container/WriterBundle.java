package io.walsync.it.container;

import io.walsync.it.app.WriterApp;
import java.util.Hashtable;
import java.util.function.Function;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/**
 * The writer as an OSGi bundle: a service that answers commands. Framework properties {@code
 * writer.database} and {@code writer.journal}.
 */
public final class WriterBundle implements BundleActivator {

  private WriterApp app;

  @Override
  @SuppressWarnings("JdkObsolete") // OSGi wants a Hashtable
  public void start(BundleContext context) throws Exception {
    app =
        WriterApp.at(context.getProperty("writer.database"), context.getProperty("writer.journal"));
    Function<String, String> commands = app::answer;
    context.registerService(Function.class.getName(), commands, new Hashtable<>());
  }

  @Override
  public void stop(BundleContext context) throws Exception {
    app.stop();
  }
}
