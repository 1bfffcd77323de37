package io.walsync.replica.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class XmlElementTest {

  @Test
  void elementsTextAttributesAndPrefixesAreRead() throws IOException {
    XmlElement root =
        parse(
            "\uFEFF<?xml version='1.0' encoding=\"UTF-8\"?>\n<!-- <a> -->\n"
                + "<s3:Result xmlns:s3=\"http://x/?a>b\" other='\"'>\n"
                + "  <Key >a/b</Key><Empty/><Empty attribute=\"1\" /><s3:Size>12</s3:Size >\n"
                + "  <Nested><Key>inner</Key></Nested>\n"
                + "</s3:Result>\n");

    assertThat(root.name()).isEqualTo("Result");
    assertThat(root.text("Key")).isEqualTo("a/b");
    assertThat(root.text("Size")).isEqualTo("12");
    assertThat(root.text("Empty")).isEmpty();
    assertThat(root.text("Missing")).isNull();
    assertThat(root.child("Nested").text("Key")).isEqualTo("inner");
    assertThat(root.children()).hasSize(5);
  }

  @Test
  void entitiesReferencesAndCdataAreDecoded() throws IOException {
    assertThat(
            parse("<a>&lt;&gt;&amp;&quot;&apos;&#65;&#x1F600;<![CDATA[<&amp;]]>\u00e9</a>").text())
        .isEqualTo("<>&\"'A\uD83D\uDE00<&amp;\u00e9");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "  ",
        "text",
        "<a>",
        "</a>",
        "<a></b>",
        "<a/><b/>",
        "<a/>text",
        "<a",
        "<>",
        "</>",
        "<a b='>",
        "<a>&unknown;</a>",
        "<a>&amp</a>",
        "<a>&#xFFFFFFF;</a>",
        "<a>&#x;</a>",
        "<a>&65;</a>",
        "<a><![CDATA[</a>",
        "<!-- <a/>",
        "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>",
        "<html><body>proxy<br></body></html>",
        "<a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a/></a></a></a></a></a></a></a></a></a></a>"
            + "</a></a></a></a></a></a>"
      })
  void whatS3DoesNotWriteIsRefused(String document) {
    assertThatThrownBy(() -> parse(document)).isInstanceOf(IOException.class);
  }

  @Test
  void aDocumentCutAnywhereIsRefused() {
    byte[] whole = "<a><b c=\"d\">e&amp;f</b><![CDATA[g]]><!-- h --></a>".getBytes();
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> XmlElement.parse(cut)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void arbitraryBytesNeverDoWorseThanAnIoException() {
    Random random = new Random(20_261_123);
    String alphabet = "<>/&;#x!-[]CDATA?'\" =ab1\n";
    for (int i = 0; i < 20_000; i++) {
      StringBuilder document = new StringBuilder("<a>");
      for (int n = random.nextInt(30); n > 0; n--) {
        document.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      assertThatCode(
              () -> {
                try {
                  parse(document.append("</a>").toString());
                } catch (IOException e) {
                  assertThat(e).hasMessageContaining("not XML");
                }
              })
          .as("%s", document)
          .doesNotThrowAnyException();
    }
  }

  private static XmlElement parse(String document) throws IOException {
    return XmlElement.parse(document.getBytes(StandardCharsets.UTF_8));
  }
}
