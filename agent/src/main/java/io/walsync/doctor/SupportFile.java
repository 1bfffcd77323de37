package io.walsync.doctor;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A zip file of texts from which secrets have been taken, to be given to whoever helps. */
public final class SupportFile {

  private final Redaction redaction;
  private final Map<String, String> texts = new LinkedHashMap<>();

  public SupportFile(Redaction redaction) {
    this.redaction = redaction;
  }

  /**
   * @param name in the zip file
   */
  public SupportFile add(String name, String text) {
    texts.put(name, text);
    return this;
  }

  /**
   * @throws java.nio.file.FileAlreadyExistsException if there is such a file
   */
  public void writeTo(File file) throws IOException {
    try (OutputStream out =
            Files.newOutputStream(
                file.toPath(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        ZipOutputStream zip = new ZipOutputStream(out, StandardCharsets.UTF_8)) {
      for (Map.Entry<String, String> each : texts.entrySet()) {
        zip.putNextEntry(new ZipEntry(each.getKey()));
        zip.write(redaction.of(each.getValue()).getBytes(StandardCharsets.UTF_8));
        zip.closeEntry();
      }
    }
  }
}
