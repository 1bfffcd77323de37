package io.walsync.config;

import java.io.File;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * The configuration that the URL of a replica stands for: one entry for all files of this machine.
 * The replica of a database is below the URL, at the absolute path of its file with symbolic links
 * resolved, so that no two share one.
 */
final class EveryDatabase {

  /** Named in messages. */
  static final String PLACE = "the replica's URL";

  private EveryDatabase() {}

  /**
   * @throws ConfigException on systems on which paths do not begin at one root
   */
  static MappingNode node(String url) throws ConfigException {
    if (File.separatorChar != '/') {
      throw new ConfigException(
          PLACE
              + ": stands for every database only where paths begin with /; name a configuration");
    }
    MappingNode replica = mapping(key("url", scalar(url)));
    MappingNode entry =
        mapping(
            key("dir", scalar("/")),
            key("pattern", scalar("*")),
            key("recursive", scalar("true")),
            key("replica", replica));
    List<Node> entries = new ArrayList<>(Collections.singletonList(entry));
    return mapping(key("dbs", new SequenceNode(Tag.SEQ, entries, FlowStyle.BLOCK)));
  }

  private static NodeTuple key(String name, Node value) {
    return new NodeTuple(scalar(name), value);
  }

  private static Node scalar(String text) {
    return Overrides.node(PLACE, text);
  }

  private static MappingNode mapping(NodeTuple... keys) {
    return new MappingNode(Tag.MAP, new ArrayList<>(Arrays.asList(keys)), FlowStyle.BLOCK);
  }
}
