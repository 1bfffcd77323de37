package io.walsync.it.container;

import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;

/**
 * An OSGi framework with nothing delegated to the class path but what every framework delegates.
 * Arguments: a folder for the framework's files, the database, the journal, then the bundles; the
 * commands on standard input go to the {@link WriterBundle} among them, {@code update} to all.
 */
public final class FelixHost {

  private static final long STOP_MILLIS = 30_000;

  private FelixHost() {}

  public static void main(String[] args) throws Exception {
    Map<String, String> settings = new HashMap<>();
    settings.put(Constants.FRAMEWORK_STORAGE, args[0]);
    settings.put("writer.database", args[1]);
    settings.put("writer.journal", args[2]);
    Framework framework = new FrameworkFactory().newFramework(settings);
    framework.start();
    BundleContext context = framework.getBundleContext();
    List<Bundle> bundles = new ArrayList<>();
    for (int i = 3; i < args.length; i++) {
      bundles.add(context.installBundle(new File(args[i]).toURI().toString()));
    }
    for (Bundle bundle : bundles) {
      bundle.start();
    }
    serve(context, bundles);
    framework.stop();
    framework.waitForStop(STOP_MILLIS);
    System.exit(0);
  }

  private static void serve(BundleContext context, List<Bundle> bundles) throws Exception {
    BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    String line;
    while ((line = input.readLine()) != null && !line.equals("exit")) {
      if (line.equals("update")) {
        for (Bundle bundle : bundles) {
          bundle.update();
        }
        System.out.println("ok");
      } else {
        System.out.println(answer(context, line));
      }
    }
    System.out.println("ok");
  }

  @SuppressWarnings("unchecked")
  private static String answer(BundleContext context, String line) {
    ServiceReference<?> reference = context.getServiceReference(Function.class.getName());
    return ((Function<String, String>) context.getService(reference)).apply(line);
  }
}
