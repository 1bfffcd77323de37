package io.walsync.it.container;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;

/**
 * An embedded Tomcat, told over standard input what to deploy.
 *
 * <pre>
 * deploy NAME FOLDER   an exploded web application
 * undeploy NAME
 * gone                 waits until the class loaders of all undeployed applications are collected
 * exit
 * NAME COMMAND         passes the command to the application over HTTP
 * </pre>
 *
 * Argument: a folder for Tomcat's own files.
 */
public final class TomcatHost {

  private static final long GONE_MILLIS = 60_000;
  private static final long LOOK_MILLIS = 100;

  private final Tomcat tomcat = new Tomcat();
  private final Map<String, Context> contexts = new HashMap<>();
  private final List<WeakReference<ClassLoader>> undeployed = new ArrayList<>();

  private TomcatHost(String folder) throws LifecycleException {
    tomcat.setBaseDir(folder);
    tomcat.setAddDefaultWebXmlToWebapp(false);
    Connector connector = new Connector();
    connector.setPort(0);
    tomcat.setConnector(connector);
    tomcat.start();
  }

  public static void main(String[] args) throws Exception {
    warmUp();
    TomcatHost host = new TomcatHost(args[0]);
    BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    String line;
    while ((line = input.readLine()) != null && !line.equals("exit")) {
      System.out.println(host.answer(line.split(" ", 3)));
    }
    System.out.println("ok");
    host.tomcat.stop();
  }

  /**
   * The JDK's thread that waits for child processes lives for a minute and remembers who made it.
   * Some drivers start a process; without this that would be the application.
   */
  private static void warmUp() throws IOException, InterruptedException {
    new ProcessBuilder("true").start().waitFor();
  }

  private String answer(String[] words) {
    try {
      switch (words[0]) {
        case "deploy":
          return deploy(words[1], words[2]);
        case "undeploy":
          return undeploy(words[1]);
        case "gone":
          return awaitGone();
        default:
          return ask(words[0], String.join(" ", words).substring(words[0].length() + 1));
      }
    } catch (Exception e) {
      return "failed " + e.toString().replace('\n', ' ');
    }
  }

  private String deploy(String name, String folder) {
    Context context = tomcat.addWebapp("/" + name, new File(folder).getAbsolutePath());
    contexts.put(name, context);
    boolean isUp = context.getState().isAvailable();
    return isUp ? "ok" : "failed " + name + " is " + context.getStateName();
  }

  private String undeploy(String name) throws LifecycleException {
    Context context = contexts.remove(name);
    undeployed.add(new WeakReference<>(context.getLoader().getClassLoader()));
    tomcat.getHost().removeChild(context);
    context.destroy();
    return "ok";
  }

  private String awaitGone() throws InterruptedException {
    long deadline = System.nanoTime() + GONE_MILLIS * 1_000_000;
    while (System.nanoTime() < deadline) {
      System.gc();
      undeployed.removeIf(loader -> loader.get() == null);
      if (undeployed.isEmpty()) {
        return "ok";
      }
      Thread.sleep(LOOK_MILLIS);
    }
    return "failed " + undeployed.size() + " class loaders are still there";
  }

  private String ask(String name, String command) throws IOException {
    URL url =
        new URL(
            "http://localhost:"
                + tomcat.getConnector().getLocalPort()
                + "/"
                + name
                + "/?command="
                + URLEncoder.encode(command, "UTF-8"));
    try (BufferedReader answer =
        new BufferedReader(new InputStreamReader(url.openStream(), StandardCharsets.UTF_8))) {
      return answer.readLine();
    }
  }
}
