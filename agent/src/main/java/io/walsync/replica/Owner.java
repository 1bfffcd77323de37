package io.walsync.replica;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Who owns a replica, as the object {@code walsync/owner.json} says it beside the levels:
 *
 * <pre>
 * {"epoch":3,"owner":"5f0c…","host":"web-1","pid":"4711","since":1790000000123}
 * </pre>
 *
 * The epoch grows by one with each owner; the owner is an id that a process makes up for each time
 * it takes a database over. The rest is for people.
 */
public final class Owner {

  /** Of no object at all. */
  public static final Owner NOBODY = new Owner(0, "", "", "", 0);

  private final long epoch;
  private final String id;
  private final String host;
  private final String pid;
  private final long sinceMillis;

  /**
   * @param id unlike any other's
   * @param host for people, as is {@code pid}; empty if unknown
   */
  public Owner(long epoch, String id, String host, String pid, long sinceMillis) {
    this.epoch = epoch;
    this.id = plain(id);
    this.host = plain(host);
    this.pid = plain(pid);
    this.sinceMillis = sinceMillis;
  }

  /** Nothing that would have to be escaped. */
  private static String plain(String text) {
    StringBuilder plain = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean isPlain = c > ' ' && c < 127 && c != '"' && c != '\\';
      plain.append(isPlain ? c : '_');
    }
    return plain.toString();
  }

  /** What {@link #toBytes} made; an owner of epoch 0 without an id, if it is anything else. */
  public static Owner parse(byte[] content) {
    String text = new String(content, StandardCharsets.UTF_8);
    long epoch = number(text, "epoch");
    return epoch < 1
        ? NOBODY
        : new Owner(
            epoch,
            string(text, "owner"),
            string(text, "host"),
            string(text, "pid"),
            Math.max(0, number(text, "since")));
  }

  private static String string(String text, String name) {
    int start = startOf(text, name);
    if (start < 0 || start >= text.length() || text.charAt(start) != '"') {
      return "";
    }
    int end = text.indexOf('"', start + 1);
    return end < 0 ? "" : text.substring(start + 1, end);
  }

  private static long number(String text, String name) {
    int start = startOf(text, name);
    int end = start;
    while (start >= 0 && end < text.length() && Character.isDigit(text.charAt(end))) {
      end++;
    }
    try {
      return start < 0 ? -1 : Long.parseLong(text.substring(start, end));
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  /** Where the value of a member begins; -1 if there is none. */
  private static int startOf(String text, String name) {
    String quoted = "\"" + name + "\"";
    int at = text.indexOf(quoted);
    if (at < 0) {
      return -1;
    }
    at += quoted.length();
    while (at < text.length() && (text.charAt(at) == ':' || text.charAt(at) <= ' ')) {
      at++;
    }
    return at;
  }

  public byte[] toBytes() {
    String text =
        "{\"epoch\":"
            + epoch
            + ",\"owner\":\""
            + id
            + "\",\"host\":\""
            + host
            + "\",\"pid\":\""
            + pid
            + "\",\"since\":"
            + sinceMillis
            + "}\n";
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  public long epoch() {
    return epoch;
  }

  public String id() {
    return id;
  }

  /** Empty if unknown, as is {@link #pid}. */
  public String host() {
    return host;
  }

  public String pid() {
    return pid;
  }

  /** When it became the owner, by its own clock. */
  public long sinceMillis() {
    return sinceMillis;
  }

  /** For people: which process that is. */
  public String describe() {
    if (this.equals(NOBODY)) {
      return "nobody";
    }
    return "process "
        + (pid.isEmpty() ? "?" : pid)
        + " on "
        + (host.isEmpty() ? "another machine" : host)
        + " (epoch "
        + epoch
        + ")";
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Owner
        && epoch == ((Owner) other).epoch
        && id.equals(((Owner) other).id);
  }

  @Override
  public int hashCode() {
    return Objects.hash(epoch, id);
  }

  @Override
  public String toString() {
    return describe();
  }
}
