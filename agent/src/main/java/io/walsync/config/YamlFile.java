package io.walsync.config;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Reads a file as one YAML mapping. An error names its place in the file. */
final class YamlFile {

  /**
   * Bytes. A configuration of a thousand databases fits; a database file named by mistake does not.
   */
  static final int MAX_SIZE_BYTES = 1 << 20;

  /**
   * Most aliases of mappings and sequences; some for each database. What they refer to is not
   * copied, so they cannot exhaust memory; {@link Section} bounds how much is merged.
   */
  static final int MAX_ALIAS_COUNT = 10 * ConfigLoader.MAX_DB_COUNT;

  private final String fileName;

  private YamlFile(String fileName) {
    this.fileName = fileName;
  }

  /**
   * @return the root mapping, with variables masked ({@link Expansion#mask}); empty for a file that
   *     holds nothing
   */
  static MappingNode read(File file) throws ConfigException {
    YamlFile yaml = new YamlFile(file.getPath());
    return yaml.compose(yaml.decode(yaml.bytes(file)));
  }

  private byte[] bytes(File file) throws ConfigException {
    if (!file.exists()) {
      throw error("there is no such configuration file");
    }
    if (file.isDirectory()) {
      throw error("is a directory, not a configuration file");
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] buffer = new byte[8192];
    try (InputStream in = new FileInputStream(file)) {
      int count = in.read(buffer);
      while (count >= 0) {
        bytes.write(buffer, 0, count);
        if (bytes.size() > MAX_SIZE_BYTES) {
          throw error("is larger than " + MAX_SIZE_BYTES + " bytes: not a configuration file");
        }
        count = in.read(buffer);
      }
    } catch (IOException e) {
      throw new ConfigException(fileName + ": cannot be read: " + e.getMessage(), e);
    }
    return bytes.toByteArray();
  }

  private String decode(byte[] bytes) throws ConfigException {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    CoderResult result = decoder.decode(in, out, true);
    out.flip();
    if (result.isError()) {
      throw error(lineOf(out.toString(), out.length()) + ": is not UTF-8 text");
    }
    String text = out.toString();
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }

  private MappingNode compose(String text) throws ConfigException {
    LoadSettings settings =
        LoadSettings.builder()
            .setLabel(fileName)
            .setMaxAliasesForCollections(MAX_ALIAS_COUNT)
            .setCodePointLimit(MAX_SIZE_BYTES)
            .build();
    Node root;
    try {
      // Further documents are ignored, as Litestream does.
      Iterator<Node> documents =
          new Compose(settings).composeAllFromString(Expansion.mask(text)).iterator();
      root = documents.hasNext() ? documents.next() : null;
    } catch (MarkedYamlEngineException e) {
      throw syntaxError(e);
    } catch (ReaderException e) {
      throw error(
          lineOf(text, e.getPosition())
              + ": contains the character U+"
              + String.format("%04X", e.getCodePoint())
              + ", which YAML does not allow");
    } catch (YamlEngineException e) {
      throw new ConfigException(fileName + ": is not valid YAML: " + e.getMessage(), e);
    } catch (StackOverflowError e) {
      throw new ConfigException(fileName + ": is nested too deeply", e);
    }
    if (root == null || isNothing(root)) {
      return nothing();
    }
    if (!(root instanceof MappingNode)) {
      throw error("is not a configuration: it must be a mapping of keys such as `dbs:`");
    }
    return (MappingNode) root;
  }

  /** A mapping without keys. */
  static MappingNode nothing() {
    return new MappingNode(Tag.MAP, new ArrayList<NodeTuple>(), FlowStyle.BLOCK);
  }

  private static boolean isNothing(Node root) {
    return root instanceof ScalarNode
        && Arrays.asList("", "~", "null").contains(((ScalarNode) root).getValue());
  }

  private ConfigException syntaxError(MarkedYamlEngineException e) {
    Optional<Mark> mark = e.getProblemMark().isPresent() ? e.getProblemMark() : e.getContextMark();
    String position =
        mark.isPresent() ? (mark.get().getLine() + 1) + ":" + (mark.get().getColumn() + 1) : "1";
    String problem = String.valueOf(e.getProblem());
    if (problem.contains("TAB")) {
      problem = "a tab where only spaces are allowed; indent with spaces";
    } else if (e.getContext() != null && !e.getContext().isEmpty()) {
      problem = e.getContext() + ": " + problem;
    }
    // The exception's own message has a snippet of the file, which may show a secret.
    return new ConfigException(
        fileName + ":" + position + ": is not valid YAML: " + Expansion.unmask(problem));
  }

  private ConfigException error(String problem) {
    return new ConfigException(
        fileName + (problem.matches("(?s)[0-9]+:.*") ? ":" : ": ") + problem);
  }

  private static int lineOf(String text, int position) {
    int line = 1;
    for (int i = 0; i < Math.min(position, text.length()); i++) {
      if (text.charAt(i) == '\n') {
        line++;
      }
    }
    return line;
  }
}
