package io.walsync.it.app;

import java.io.IOException;
import java.net.URL;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What an application could find of an agent if it looked: classes of the agent's and of libraries
 * that agents carry, and resources by which such libraries are found. Each as {@code name@place}.
 */
final class AgentTraces {

  private static final String[] CLASSES = {
    "io.walsync.agent.AgentStart",
    "io.walsync.weave.Weaving",
    "io.walsync.databases.Databases",
    "io.walsync.cli.Main",
    "io.walsync.bootstrap.AgentEntry",
    "io.walsync.shaded.org.slf4j.LoggerFactory",
    "io.walsync.shaded.software.amazon.awssdk.auth.credentials.AwsCredentials",
    "software.amazon.awssdk.auth.credentials.AwsCredentials",
    "net.bytebuddy.jar.asm.ClassReader",
    "net.jpountz.lz4.LZ4Factory",
    "org.snakeyaml.engine.v2.api.Load",
    "org.slf4j.LoggerFactory",
    "org.slf4j.simple.SimpleLogger",
    "org.reactivestreams.Publisher",
    "org.jline.terminal.Terminal",
    "me.tongfei.progressbar.ProgressBar",
    "picocli.CommandLine",
    "org.sqlite.JDBC",
    "java.lang.WalsyncBridge",
  };

  private static final String[] RESOURCES = {
    "META-INF/services/org.slf4j.spi.SLF4JServiceProvider",
    "META-INF/services/java.sql.Driver",
    "META-INF/services/software.amazon.awssdk.http.SdkHttpService",
    "META-INF/services/org.jline.terminal.spi.TerminalProvider",
    "META-INF/versions/9/module-info.class",
    "module-info.class",
    "simplelogger.properties",
    "software/amazon/awssdk/global/handlers/execution.interceptors",
    "org/sqlite/JDBC.class",
    "org/slf4j/LoggerFactory.class",
    "io/walsync/agent/AgentStart.class",
    "io/walsync/bootstrap/AgentEntry.class",
    "log4j2.xml",
    "logback.xml",
    "application.properties",
  };

  private AgentTraces() {}

  /** By the given loader, the context class loader and the system class loader. */
  static String seenBy(ClassLoader own) {
    Set<String> found = new TreeSet<>();
    List<ClassLoader> loaders = new ArrayList<>();
    loaders.add(own);
    loaders.add(Thread.currentThread().getContextClassLoader());
    loaders.add(ClassLoader.getSystemClassLoader());
    for (ClassLoader loader : loaders) {
      if (loader != null) {
        addClasses(loader, found);
        addResources(loader, found);
      }
    }
    return String.join(" ", found);
  }

  private static void addClasses(ClassLoader loader, Set<String> found) {
    for (String name : CLASSES) {
      try {
        Class<?> type = Class.forName(name, false, loader);
        CodeSource source = type.getProtectionDomain().getCodeSource();
        found.add(name + "@" + (source == null ? "jdk" : source.getLocation()));
      } catch (ClassNotFoundException | LinkageError invisible) {
        continue;
      }
    }
  }

  private static void addResources(ClassLoader loader, Set<String> found) {
    for (String name : RESOURCES) {
      try {
        for (URL url : Collections.list(loader.getResources(name))) {
          found.add(name + "@" + url);
        }
      } catch (IOException unreadable) {
        found.add(name + "@" + unreadable);
      }
    }
  }
}
