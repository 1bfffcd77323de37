package io.walsync.packaging;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.Deflater;

/** Packs the files of a folder into one bundle; equal folders give equal bytes. */
public final class BundleWriter {

  private static final int MAGIC = 0x57534231;
  private static final int HEADER_BYTES = 8;
  private static final int INDEX_ENTRY_BYTES = 12;

  private BundleWriter() {}

  /** Arguments: folder, bundle to write. */
  public static void main(String[] arguments) throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    collect(new File(arguments[0]), "", files);
    try (OutputStream out = Files.newOutputStream(new File(arguments[1]).toPath())) {
      write(files, out);
    }
  }

  private static void collect(File folder, String prefix, Map<String, byte[]> files)
      throws IOException {
    File[] children = folder.listFiles();
    if (children == null) {
      throw new IOException("no folder: " + folder);
    }
    for (File child : children) {
      String name = prefix + child.getName();
      if (child.isDirectory()) {
        collect(child, name + "/", files);
      } else {
        files.put(name, Files.readAllBytes(child.toPath()));
      }
    }
  }

  /**
   * @param files content by name
   */
  public static void write(Map<String, byte[]> files, OutputStream target) throws IOException {
    List<int[]> index = new ArrayList<>();
    ByteArrayOutputStream blocks = new ByteArrayOutputStream();
    int start = HEADER_BYTES + files.size() * INDEX_ENTRY_BYTES;
    for (Map.Entry<String, byte[]> file : new TreeMap<>(files).entrySet()) {
      int offset = start + blocks.size();
      writeBlock(file.getKey(), file.getValue(), new DataOutputStream(blocks));
      int length = start + blocks.size() - offset;
      index.add(new int[] {file.getKey().hashCode(), offset, length});
    }
    index.sort(Comparator.comparingInt(entry -> entry[0]));
    DataOutputStream out = new DataOutputStream(target);
    out.writeInt(MAGIC);
    out.writeInt(index.size());
    for (int[] entry : index) {
      for (int value : entry) {
        out.writeInt(value);
      }
    }
    blocks.writeTo(out);
    out.flush();
  }

  private static void writeBlock(String name, byte[] content, DataOutputStream out)
      throws IOException {
    out.writeUTF(name);
    out.writeInt(content.length);
    byte[] deflated = deflate(content);
    out.write(deflated.length < content.length ? deflated : content);
    out.flush();
  }

  private static byte[] deflate(byte[] content) {
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
    try {
      deflater.setInput(content);
      deflater.finish();
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      byte[] buffer = new byte[8192];
      while (!deflater.finished()) {
        out.write(buffer, 0, deflater.deflate(buffer));
      }
      return out.toByteArray();
    } finally {
      deflater.end();
    }
  }
}
