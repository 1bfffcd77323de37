package io.walsync.config;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Finds anchors ({@code &name}), by which a value can be used again elsewhere in the file. */
final class Anchors {

  private Anchors() {}

  /** Whether a value, or one within it, has an anchor. */
  static boolean areIn(Node value) {
    Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Node> open = new ArrayDeque<>();
    open.add(value);
    while (!open.isEmpty()) {
      Node node = open.remove();
      if (node.getAnchor().isPresent()) {
        return true;
      }
      if (!seen.add(node)) {
        continue;
      }
      if (node instanceof MappingNode) {
        for (NodeTuple tuple : ((MappingNode) node).getValue()) {
          open.add(tuple.getKeyNode());
          open.add(tuple.getValueNode());
        }
      } else if (node instanceof SequenceNode) {
        open.addAll(((SequenceNode) node).getValue());
      }
    }
    return false;
  }
}
