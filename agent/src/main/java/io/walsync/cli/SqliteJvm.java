package io.walsync.cli;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A JVM that has sqlite-jdbc loaded. */
final class SqliteJvm {

  private static final File PROC = new File("/proc");
  private static final String UNKNOWN = "?";
  private static final String AGENT_THREADS = "walsync-";
  private static final long JCMD_SECONDS = 10;

  /** Options of {@code java} whose value is the next word. */
  private static final List<String> OPTIONS_WITH_VALUE =
      Arrays.asList(
          "-cp",
          "-classpath",
          "--class-path",
          "-p",
          "--module-path",
          "--upgrade-module-path",
          "--add-modules",
          "--add-reads",
          "--add-exports",
          "--add-opens",
          "--limit-modules",
          "--patch-module",
          "--enable-native-access",
          "--source");

  final long pid;
  final String mainClass;
  final String driverVersion;

  /** {@code replicating}, {@code no}, or that it is not known. */
  final String agent;

  private SqliteJvm(long pid, String mainClass, String driverVersion, String agent) {
    this.pid = pid;
    this.mainClass = mainClass;
    this.driverVersion = driverVersion;
    this.agent = agent;
  }

  /** Those this user may look at. On Linux they are not disturbed: nothing is asked of them. */
  static List<SqliteJvm> running() throws IOException {
    return new File(PROC, "self/maps").exists() ? fromProc() : fromAttachApi();
  }

  private static List<SqliteJvm> fromProc() {
    List<SqliteJvm> found = new ArrayList<>();
    for (File process : listed(PROC)) {
      if (!process.getName().matches("[0-9]{1,9}")) {
        continue;
      }
      long pid = Long.parseLong(process.getName());
      try {
        ProcessMaps maps = ProcessMaps.of(pid);
        if (maps.isJvm() && !maps.driverVersions().isEmpty()) {
          found.add(
              new SqliteJvm(
                  pid,
                  mainClass(commandLine(process)),
                  String.join(", ", maps.driverVersions()),
                  hasAgentThreads(process) ? "replicating" : "no"));
        }
      } catch (IOException goneOrNotOurs) {
        continue;
      }
    }
    found.sort((a, b) -> Long.compare(a.pid, b.pid));
    return found;
  }

  private static File[] listed(File folder) {
    File[] files = folder.listFiles();
    return files == null ? new File[0] : files;
  }

  private static String[] commandLine(File process) throws IOException {
    byte[] bytes = Files.readAllBytes(new File(process, "cmdline").toPath());
    return new String(bytes, StandardCharsets.UTF_8).split("\0");
  }

  /** The first word of a {@code java} command line that is no option; a jar after -jar. */
  static String mainClass(String... words) {
    for (int i = 1; i < words.length; i++) {
      if (OPTIONS_WITH_VALUE.contains(words[i])) {
        i++;
      } else if (!words[i].startsWith("-") && !words[i].startsWith("@")) {
        return words[i];
      }
    }
    return words[0];
  }

  private static boolean hasAgentThreads(File process) throws IOException {
    for (File thread : listed(new File(process, "task"))) {
      byte[] name = Files.readAllBytes(new File(thread, "comm").toPath());
      if (new String(name, StandardCharsets.UTF_8).startsWith(AGENT_THREADS)) {
        return true;
      }
    }
    return false;
  }

  /** Elsewhere each JVM of this user is asked for its native libraries, as jcmd does. */
  static List<SqliteJvm> fromAttachApi() throws IOException {
    List<SqliteJvm> found = new ArrayList<>();
    try {
      List<?> jvms = (List<?>) AttachedJvm.api().getMethod("list").invoke(null);
      for (Object jvm : jvms) {
        String id = call(jvm, "id");
        String libraries = libraries(id);
        if (libraries.contains("sqlitejdbc")) {
          found.add(
              new SqliteJvm(
                  Long.parseLong(id), call(jvm, "displayName").split(" ", 2)[0], UNKNOWN, UNKNOWN));
        }
      }
      return found;
    } catch (InvocationTargetException e) {
      throw new AttachException("the JVMs of this machine cannot be listed: " + e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new AttachException("the attach API of this Java cannot be called: " + e);
    }
  }

  private static String call(Object descriptor, String method) throws ReflectiveOperationException {
    Class<?> type = descriptor.getClass();
    return (String) type.getMethod(method).invoke(descriptor);
  }

  private static String libraries(String id) throws IOException {
    String jcmd = new File(System.getProperty("java.home"), "bin/jcmd").getPath();
    Process process = new ProcessBuilder(jcmd, id, "VM.dynlibs").redirectErrorStream(true).start();
    StringBuilder output = new StringBuilder();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      String line;
      while ((line = lines.readLine()) != null) {
        output.append(line).append('\n');
      }
    }
    try {
      process.waitFor(JCMD_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return output.toString();
  }
}
