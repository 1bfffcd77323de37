package io.walsync.metrics;

import io.walsync.db.events.DbStatus;
import io.walsync.status.AgentFacts;
import io.walsync.status.StatusAnswer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The page for people: three files that lie beside this class, and the values that they ask for.
 * Nothing is loaded from elsewhere, and nothing can be changed by it.
 */
final class StatusPage {

  /** More cannot be looked at; those that do not do well come first. */
  static final int MOST_DATABASES = 200;

  private static final int BUFFER_BYTES = 8 * 1024;

  private StatusPage() {}

  /** One of the files; its name is known to be there. */
  static byte[] file(String name) throws IOException {
    try (InputStream in = StatusPage.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException("the jar has no " + name);
      }
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      byte[] buffer = new byte[BUFFER_BYTES];
      int count = in.read(buffer);
      while (count >= 0) {
        bytes.write(buffer, 0, count);
        count = in.read(buffer);
      }
      return bytes.toByteArray();
    }
  }

  /** As {@code status -json}, with how many databases there are. */
  static String values(@Nullable AgentFacts agent, List<DbStatus> databases) {
    List<DbStatus> shown = new ArrayList<>(databases);
    if (databases.size() > MOST_DATABASES) {
      shown.sort((a, b) -> Boolean.compare(a.isFine(), b.isFine()));
      shown = shown.subList(0, MOST_DATABASES);
    }
    return StatusAnswer.json(agent, shown, databases.size());
  }
}
