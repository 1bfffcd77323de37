package io.walsync.replica.s3;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One element of an answer of S3. Reads the little XML that S3 writes: elements, text, the
 * predefined entities and character references, CDATA; skips declarations, comments, attributes and
 * name-space prefixes; refuses document types, the root of most XML attacks. The JDK's parsers are
 * configured by the application and absent from small runtime images.
 */
final class XmlElement {

  private static final int DEEPEST = 16;

  private final String name;
  private final StringBuilder text = new StringBuilder();
  private List<XmlElement> children = Collections.emptyList();

  private XmlElement(String name) {
    this.name = name;
  }

  String name() {
    return name;
  }

  /** Own text, without that of children. */
  String text() {
    return text.toString();
  }

  /** The text of the first child of that name, or null. */
  @Nullable String text(String childName) {
    XmlElement child = child(childName);
    return child == null ? null : child.text();
  }

  /** The first child of that name, or null. */
  @Nullable XmlElement child(String childName) {
    for (XmlElement child : children) {
      if (child.name.equals(childName)) {
        return child;
      }
    }
    return null;
  }

  List<XmlElement> children() {
    return children;
  }

  /**
   * @throws IOException if it is not well-formed in the subset read here
   */
  static XmlElement parse(byte[] document) throws IOException {
    return new Parser(new String(document, StandardCharsets.UTF_8)).parse();
  }

  private static final class Parser {
    private final String document;
    private final Deque<XmlElement> open = new ArrayDeque<>();
    private @Nullable XmlElement root;
    private int at;

    Parser(String document) {
      this.document = document;
    }

    XmlElement parse() throws IOException {
      while (at < document.length()) {
        if (document.charAt(at) != '<') {
          readText();
        } else if (document.startsWith("<!--", at)) {
          at = after("-->");
        } else if (document.startsWith("<?", at)) {
          at = after("?>");
        } else if (document.startsWith("<![CDATA[", at)) {
          int start = at + "<![CDATA[".length();
          at = after("]]>");
          current().text.append(document, start, at - "]]>".length());
        } else if (document.startsWith("<!", at)) {
          throw malformed("a document type");
        } else if (document.startsWith("</", at)) {
          readEnd();
        } else {
          readStart();
        }
      }
      if (root == null || !open.isEmpty()) {
        throw malformed("a missing end");
      }
      return root;
    }

    private XmlElement current() throws IOException {
      if (open.isEmpty()) {
        throw malformed("text outside the root element");
      }
      return open.peek();
    }

    private void readStart() throws IOException {
      int end = endOfTag();
      boolean isEmpty = document.charAt(end - 1) == '/';
      XmlElement element = new XmlElement(localName(at + 1, isEmpty ? end - 1 : end));
      if (open.isEmpty() && root != null || open.size() == DEEPEST) {
        throw malformed("a second root, or an element nested too deeply");
      }
      if (open.isEmpty()) {
        root = element;
      } else {
        XmlElement parent = open.peek();
        if (parent.children.isEmpty()) {
          parent.children = new ArrayList<>();
        }
        parent.children.add(element);
      }
      if (!isEmpty) {
        open.push(element);
      }
      at = end + 1;
    }

    private void readEnd() throws IOException {
      int end = endOfTag();
      String name = localName(at + 2, end);
      if (open.isEmpty() || !open.pop().name.equals(name)) {
        throw malformed("an end without a start");
      }
      at = end + 1;
    }

    /** The position of the {@code >} that ends the tag at hand; attribute values may hold one. */
    private int endOfTag() throws IOException {
      char quote = 0;
      for (int i = at + 1; i < document.length(); i++) {
        char c = document.charAt(i);
        if (quote != 0) {
          quote = c == quote ? 0 : quote;
        } else if (c == '"' || c == '\'') {
          quote = c;
        } else if (c == '>') {
          return i;
        }
      }
      throw malformed("a tag without an end");
    }

    private String localName(int start, int end) throws IOException {
      int stop = start;
      while (stop < end && !isSpace(document.charAt(stop))) {
        stop++;
      }
      String qualified = document.substring(start, stop);
      String local = qualified.substring(qualified.indexOf(':') + 1);
      if (local.isEmpty()) {
        throw malformed("a tag without a name");
      }
      return local;
    }

    private void readText() throws IOException {
      int end = document.indexOf('<', at);
      int stop = end < 0 ? document.length() : end;
      if (open.isEmpty()) {
        for (int i = at; i < stop; i++) {
          boolean isIgnored = isSpace(document.charAt(i)) || document.charAt(i) == '\uFEFF';
          if (!isIgnored) {
            throw malformed("text outside the root element");
          }
        }
      } else {
        appendText(open.peek().text, stop);
      }
      at = stop;
    }

    private void appendText(StringBuilder text, int stop) throws IOException {
      int i = at;
      while (i < stop) {
        char c = document.charAt(i);
        if (c != '&') {
          text.append(c);
          i++;
          continue;
        }
        int end = document.indexOf(';', i);
        if (end < 0 || end > stop) {
          throw malformed("an entity without an end");
        }
        text.appendCodePoint(entity(document.substring(i + 1, end)));
        i = end + 1;
      }
    }

    private int entity(String entity) throws IOException {
      switch (entity) {
        case "lt":
          return '<';
        case "gt":
          return '>';
        case "amp":
          return '&';
        case "quot":
          return '"';
        case "apos":
          return '\'';
        default:
          return characterReference(entity);
      }
    }

    private int characterReference(String entity) throws IOException {
      try {
        boolean isHex = entity.startsWith("#x");
        int codePoint =
            isHex
                ? Integer.parseInt(entity.substring(2), 16)
                : Integer.parseInt(entity.substring(1));
        if (entity.startsWith("#") && Character.isValidCodePoint(codePoint)) {
          return codePoint;
        }
      } catch (NumberFormatException | IndexOutOfBoundsException e) {
        throw malformed("an unknown entity");
      }
      throw malformed("an unknown entity");
    }

    private int after(String mark) throws IOException {
      int found = document.indexOf(mark, at);
      if (found < 0) {
        throw malformed("a missing " + mark);
      }
      return found + mark.length();
    }

    private static boolean isSpace(char c) {
      return c == ' ' || c == '\n' || c == '\r' || c == '\t';
    }

    private IOException malformed(String what) {
      return new IOException("not XML as S3 writes it: " + what + " at character " + at);
    }
  }
}
