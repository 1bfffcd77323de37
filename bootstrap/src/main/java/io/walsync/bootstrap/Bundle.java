package io.walsync.bootstrap;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipEntry;
import org.jspecify.annotations.Nullable;

/**
 * One entry of the agent's jar that holds thousands of files, which are found by the hash of their
 * names. As entries of the jar they would cost every start of the JVM time and memory: it reads and
 * keeps the whole directory of the jar, even if nothing in it is used. The format is described in
 * {@code io.walsync.packaging}.
 *
 * <p>Threading: any thread.
 */
final class Bundle {

  static final int MAGIC = 0x57534231;

  /** Bytes. The largest file is a native library of about 2 MB; a much larger one is damaged. */
  private static final int MAX_FILE_BYTES = 64 << 20;

  private static final int MAX_FILE_COUNT = 1 << 16;
  private static final int HEADER_BYTES = 8;
  private static final int INDEX_ENTRY_BYTES = 12;
  private static final int OFFSET = 4;
  private static final int LENGTH = 8;
  private static final int SHORT_BYTES = 2;
  private static final int INT_BYTES = 4;

  private final JarFile jar;
  private final ZipEntry entry;
  private final ByteBuffer index;
  private final int fileCount;

  /** The whole bundle, if somebody has repacked the jar and compressed it; otherwise null. */
  private final byte @Nullable [] memory;

  private final Inflater inflater = new Inflater(true);

  /**
   * @throws IOException if {@code entry} is no bundle
   */
  Bundle(JarFile jar, ZipEntry entry) throws IOException {
    this.jar = jar;
    this.entry = entry;
    this.memory = entry.getMethod() == ZipEntry.STORED ? null : readWhole();
    ByteBuffer header = ByteBuffer.wrap(bytes(0, HEADER_BYTES));
    boolean isBundle = header.getInt() == MAGIC;
    this.fileCount = header.getInt();
    if (!isBundle || fileCount < 0 || fileCount > MAX_FILE_COUNT) {
      throw damaged(entry.getName());
    }
    this.index = ByteBuffer.wrap(bytes(HEADER_BYTES, fileCount * INDEX_ENTRY_BYTES));
  }

  private byte[] readWhole() throws IOException {
    long size = entry.getSize();
    if (size < 0 || size > MAX_FILE_BYTES) {
      throw damaged(entry.getName());
    }
    byte[] whole = new byte[(int) size];
    try (InputStream in = jar.getInputStream(entry)) {
      new DataInputStream(in).readFully(whole);
    }
    return whole;
  }

  boolean contains(String name) throws IOException {
    return find(name) != null;
  }

  /** Of all files, in no order. */
  List<String> names() throws IOException {
    List<String> names = new ArrayList<>(fileCount);
    for (int i = 0; i < fileCount; i++) {
      names.add(nameIn(blockAt(i)));
    }
    return names;
  }

  /**
   * @return the content of the file, or null if there is no such file
   */
  byte @Nullable [] read(String name) throws IOException {
    ByteBuffer found = find(name);
    if (found == null) {
      return null;
    }
    int size = found.getInt();
    if (size < 0 || size > MAX_FILE_BYTES) {
      throw damaged(name);
    }
    byte[] content = new byte[size];
    if (size == found.remaining()) {
      found.get(content);
      return content;
    }
    inflate(found, content, name);
    return content;
  }

  @SuppressWarnings("ByteBufferBackingArray") // a slice's position is the array's
  private void inflate(ByteBuffer packed, byte[] content, String name) throws IOException {
    synchronized (inflater) {
      inflater.reset();
      inflater.setInput(packed.array(), packed.position(), packed.remaining());
      try {
        int filled = 0;
        while (filled < content.length) {
          int count = inflater.inflate(content, filled, content.length - filled);
          if (count == 0) {
            throw damaged(name);
          }
          filled += count;
        }
      } catch (DataFormatException e) {
        throw damaged(name);
      }
    }
  }

  /** The part of the file's block that follows its name; null if there is no such file. */
  private @Nullable ByteBuffer find(String name) throws IOException {
    int hash = name.hashCode();
    for (int i = firstNotBelow(hash); i < fileCount && hashAt(i) == hash; i++) {
      byte[] block = blockAt(i);
      if (nameIn(block).equals(name)) {
        ByteBuffer content = ByteBuffer.wrap(block);
        content.position(SHORT_BYTES + (content.getShort(0) & 0xffff));
        return content;
      }
    }
    return null;
  }

  private byte[] blockAt(int i) throws IOException {
    int offset = index.getInt(i * INDEX_ENTRY_BYTES + OFFSET);
    int length = index.getInt(i * INDEX_ENTRY_BYTES + LENGTH);
    if (offset < 0 || length < SHORT_BYTES + INT_BYTES || length > MAX_FILE_BYTES) {
      throw damaged("file " + i);
    }
    return bytes(offset, length);
  }

  private static String nameIn(byte[] block) throws IOException {
    return new DataInputStream(new ByteArrayInputStream(block)).readUTF();
  }

  private int firstNotBelow(int hash) {
    int from = 0;
    int to = fileCount;
    while (from < to) {
      int middle = (from + to) >>> 1;
      if (hashAt(middle) < hash) {
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    return from;
  }

  private int hashAt(int i) {
    return index.getInt(i * INDEX_ENTRY_BYTES);
  }

  /** Reads bytes of the entry. As it is not compressed, skipping to the offset reads nothing. */
  private byte[] bytes(int offset, int length) throws IOException {
    byte[] bytes = new byte[length];
    if (memory != null) {
      if (offset > memory.length - length) {
        throw new EOFException(entry.getName() + " of " + jar.getName() + " is cut short");
      }
      System.arraycopy(memory, offset, bytes, 0, length);
      return bytes;
    }
    try (InputStream in = jar.getInputStream(entry)) {
      long skipped = in.skip(offset);
      if (skipped != offset) {
        throw new EOFException(entry.getName() + " of " + jar.getName() + " is cut short");
      }
      new DataInputStream(in).readFully(bytes);
    }
    return bytes;
  }

  private IOException damaged(String name) {
    return new IOException(
        "reading " + name + " of " + entry.getName() + " in " + jar.getName() + ": damaged");
  }
}
