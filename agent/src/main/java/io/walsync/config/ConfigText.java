package io.walsync.config;

import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * A configuration file without its secrets, to be shown to others: only the values of keys that
 * have an effect and hold no secret are left. Comments are gone, aliases are written out, variables
 * stay variables.
 */
public final class ConfigText {

  private static final String MASK = "***";

  /** Of the text; merges that multiply themselves end here. */
  private static final int MAX_LENGTH = 1 << 20;

  private static final int MAX_DEPTH = 32;

  private static final Pattern VARIABLE = Pattern.compile("\\$\\{?([A-Za-z0-9_]+)\\}?");

  private final StringBuilder text = new StringBuilder();
  private final List<String> masked = new ArrayList<>();

  private ConfigText() {}

  /**
   * @throws ConfigException if the file cannot be read
   */
  public static ConfigText of(File file) throws ConfigException {
    ConfigText copy = new ConfigText();
    copy.write(YamlFile.read(file), "", 0);
    return copy;
  }

  /** YAML, with {@code ***} for what is left out. */
  @Override
  public String toString() {
    return text.toString();
  }

  /** What was left out, and what it becomes with an environment. */
  public List<String> secrets(Map<String, String> environment) {
    List<String> secrets = new ArrayList<>(masked);
    for (String each : masked) {
      Matcher variable = VARIABLE.matcher(each);
      while (variable.find()) {
        String value = environment.get(variable.group(1));
        if (value != null) {
          secrets.add(value);
        }
      }
    }
    return secrets;
  }

  private void write(MappingNode mapping, String indent, int depth) {
    for (NodeTuple tuple : mapping.getValue()) {
      if (depth > MAX_DEPTH || text.length() > MAX_LENGTH) {
        text.append(indent).append("# and so on\n");
        return;
      }
      Node key = tuple.getKeyNode();
      String name = key instanceof ScalarNode ? ((ScalarNode) key).getValue() : MASK;
      text.append(indent).append(isPlain(name) ? name : MASK).append(':');
      if (name.equals("<<") || isKnown(name) && !isSecret(name)) {
        value(tuple.getValueNode(), indent, depth);
      } else if (name.equals("url") && tuple.getValueNode() instanceof ScalarNode) {
        String url = Expansion.unmask(((ScalarNode) tuple.getValueNode()).getValue());
        masked.addAll(UrlSecrets.of(url));
        text.append(' ').append(quoted(UrlSecrets.withoutThem(url))).append('\n');
      } else {
        text.append(' ').append(MASK).append('\n');
        mask(tuple.getValueNode(), depth);
      }
    }
  }

  private void value(Node node, String indent, int depth) {
    if (node instanceof MappingNode) {
      text.append('\n');
      write((MappingNode) node, indent + "  ", depth + 1);
    } else if (node instanceof SequenceNode) {
      text.append('\n');
      for (Node element : ((SequenceNode) node).getValue()) {
        text.append(indent).append("-");
        if (depth > MAX_DEPTH || text.length() > MAX_LENGTH) {
          text.append(" # and so on\n");
          return;
        }
        value(element, indent + "  ", depth + 1);
      }
    } else {
      String scalar = Expansion.unmask(((ScalarNode) node).getValue());
      masked.addAll(UrlSecrets.of(scalar));
      text.append(' ').append(quoted(UrlSecrets.withoutThem(scalar))).append('\n');
    }
  }

  private void mask(Node node, int depth) {
    if (depth > MAX_DEPTH || masked.size() > MAX_LENGTH) {
      return;
    }
    if (node instanceof ScalarNode) {
      masked.add(Expansion.unmask(((ScalarNode) node).getValue()));
    } else if (node instanceof SequenceNode) {
      for (Node element : ((SequenceNode) node).getValue()) {
        mask(element, depth + 1);
      }
    } else {
      for (NodeTuple tuple : ((MappingNode) node).getValue()) {
        mask(tuple.getValueNode(), depth + 1);
      }
    }
  }

  private static boolean isSecret(String key) {
    return ConfigKeys.SECRETS.contains(key);
  }

  /** Whether it has an effect in some section. A misspelt key may hold anything. */
  private static boolean isKnown(String key) {
    for (KeySet keys : ConfigKeys.ALL) {
      if (keys.contains(key) && keys.note(key) == null) {
        return true;
      }
    }
    return false;
  }

  private static boolean isPlain(String key) {
    return key.matches("[A-Za-z0-9_.<-]{1,40}");
  }

  private static String quoted(String scalar) {
    return '"' + scalar.replace("\\", "\\\\").replace("\"", "\\\"").replaceAll("\\s", " ") + '"';
  }
}
