package io.walsync.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.walsync.config.ConfigException;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.util.Locale;
import java.util.Properties;
import java.util.UUID;

/**
 * Another JVM of this machine, through the JDK's attach API: by reflection, since not every Java
 * has it, and Java 8 keeps it in a jar of its own.
 */
final class AttachedJvm {

  private static final String API = "com.sun.tools.attach.VirtualMachine";
  private static final String ANSWER = "walsync.answer";
  private static final File PROC = new File("/proc");

  /** HotSpot takes no longer argument, the jar's path and the question together. */
  private static final int MAX_ARGUMENT_BYTES = 1000;

  private static final int MAX_PID_DIGITS = 9;

  private final long pid;

  private AttachedJvm(long pid) {
    this.pid = pid;
  }

  static AttachedJvm of(String pid) throws UsageException {
    if (pid == null) {
      throw new UsageException("which process? walsync attach -list shows those that use SQLite");
    }
    if (!pid.matches("[1-9][0-9]*") || pid.length() > MAX_PID_DIGITS) {
      throw new UsageException("a process is named by its number, not by " + pid);
    }
    return new AttachedJvm(Long.parseLong(pid));
  }

  /**
   * Loads the agent into the JVM, which hands it the question.
   *
   * @throws AttachException if the JVM cannot be reached, or says no
   */
  AgentAnswer ask(String verb, String config) throws IOException, ConfigException, UsageException {
    Class<?> api = api();
    String nonce = UUID.randomUUID().toString().substring(0, 8);
    String jar = ownJar().getPath();
    String question = "walsync:" + verb + ":" + nonce + ":" + config;
    if ((jar + "=" + question).getBytes(UTF_8).length > MAX_ARGUMENT_BYTES) {
      throw new UsageException(
          "the paths of the jar and of the configuration are too long for the JVM to take: "
              + MAX_ARGUMENT_BYTES
              + " bytes together");
    }
    checkProcess();
    try {
      Object jvm = api.getMethod("attach", String.class).invoke(null, String.valueOf(pid));
      try {
        load(api, jvm, jar, question);
        return AgentAnswer.parse(pid, answer(api, jvm, nonce), nonce);
      } finally {
        api.getMethod("detach").invoke(jvm);
      }
    } catch (InvocationTargetException e) {
      throw failure(e.getTargetException());
    } catch (ReflectiveOperationException e) {
      throw new AttachException("the attach API of this Java cannot be called: " + e);
    }
  }

  /**
   * Between Java 8 and its successors the JVM's "0, all is well" is taken for an error by the one
   * who attaches; whether it was one, the agent's answer tells.
   */
  private static void load(Class<?> api, Object jvm, String jar, String question)
      throws ReflectiveOperationException {
    try {
      api.getMethod("loadAgent", String.class, String.class).invoke(jvm, jar, question);
    } catch (InvocationTargetException e) {
      String message = String.valueOf(e.getTargetException().getMessage());
      if (!message.equals("0") && !message.startsWith("Non-numeric value found")) {
        throw e;
      }
    }
  }

  private static String answer(Class<?> api, Object jvm, String nonce)
      throws ReflectiveOperationException {
    Properties agents = (Properties) api.getMethod("getAgentProperties").invoke(jvm);
    String answer = agents.getProperty(ANSWER + "." + nonce);
    return answer != null
        ? answer
        : ((Properties) api.getMethod("getSystemProperties").invoke(jvm))
            .getProperty(ANSWER + "." + nonce);
  }

  /** Our own loader does not see it: from Java 9 on it belongs to the system loader. */
  static Class<?> api() throws AttachException {
    try {
      return Class.forName(API, true, ClassLoader.getSystemClassLoader());
    } catch (ClassNotFoundException notInThisImage) {
      return apiOfJava8();
    }
  }

  private static Class<?> apiOfJava8() throws AttachException {
    File home = new File(System.getProperty("java.home"));
    File[] places = {new File(home, "../lib/tools.jar"), new File(home, "lib/tools.jar")};
    for (File tools : places) {
      if (tools.isFile()) {
        try {
          URL[] path = {tools.toURI().toURL()};
          return Class.forName(API, true, new URLClassLoader(path));
        } catch (IOException | ClassNotFoundException damaged) {
          continue;
        }
      }
    }
    throw new AttachException(
        "the Java at "
            + home
            + " cannot attach to other JVMs; run this command with a JDK (Java 8: one with"
            + " lib/tools.jar; later: one with the module jdk.attach)");
  }

  private static File ownJar() throws AttachException {
    String path = System.getProperty("java.class.path");
    File jar = new File(path).getAbsoluteFile();
    if (!jar.isFile()) {
      throw new AttachException(
          "run this command as java -jar walsync-agent.jar, not from " + path);
    }
    return jar;
  }

  /** Asking a process that is no JVM would end it: the request begins with a SIGQUIT. */
  private void checkProcess() throws AttachException {
    if (!new File(PROC, "self").exists()) {
      return;
    }
    File process = new File(PROC, String.valueOf(pid));
    if (!process.exists()) {
      throw new AttachException("there is no process " + pid);
    }
    try {
      if (!ProcessMaps.of(pid).isJvm()) {
        throw new AttachException("process " + pid + " is no JVM");
      }
      requireNotStopped(process);
    } catch (AttachException e) {
      throw e;
    } catch (IOException notOurs) {
      String owner = owner(process);
      throw new AttachException(
          owner.equals("user " + System.getProperty("user.name"))
              ? "process "
                  + pid
                  + " cannot be looked into although it belongs to "
                  + owner
                  + ", as this command does: the system or the container forbids it. If that process"
                  + " is your application, run the command inside its container"
              : "process " + pid + " belongs to " + owner + "; run this command as that user");
    }
  }

  /** One that was attached to before would be waited for without end. */
  private void requireNotStopped(File process) throws IOException, AttachException {
    String stat = new String(Files.readAllBytes(new File(process, "stat").toPath()), UTF_8);
    int state = stat.lastIndexOf(") ") + 2;
    if (stat.startsWith("T", state) || stat.startsWith("t", state)) {
      throw new AttachException(
          "process " + pid + " cannot be attached to: it is stopped (kill -CONT lets it go on)");
    }
  }

  private static String owner(File process) {
    try {
      return "user " + Files.getOwner(process.toPath()).getName();
    } catch (IOException gone) {
      return "a user that is not known";
    }
  }

  private AttachException failure(Throwable cause) {
    String message = String.valueOf(cause.getMessage());
    String lower = message.toLowerCase(Locale.ROOT);
    if (lower.contains("dynamic agent loading is not enabled")) {
      return new AttachException(
          "process "
              + pid
              + " was started with -XX:-EnableDynamicAgentLoading and takes no agent while it runs;"
              + " start it with -javaagent");
    }
    if (lower.contains("no such process")) {
      return new AttachException("there is no process " + pid);
    }
    return new AttachException(
        "process "
            + pid
            + " cannot be attached to: "
            + message
            + ". It must be a JVM of the same user (it belongs to "
            + owner(new File(PROC, String.valueOf(pid)))
            + ", this command runs as user "
            + System.getProperty("user.name")
            + "), and not started with -XX:+DisableAttachMechanism");
  }
}
