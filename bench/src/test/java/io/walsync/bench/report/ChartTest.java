package io.walsync.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class ChartTest {

  @Test
  void theHeightsOfBarsAreInProportion() throws Exception {
    BarChart chart = new BarChart("speed", "Speed <of> & all", "commits/s", false);
    chart.bar("one", "none", new Spread(List.of(100.0)));
    chart.bar("one", "Walsync", new Spread(List.of(50.0, 40.0, 60.0)));

    NodeList bars = parsed(chart).getElementsByTagName("rect");

    // two in the key, then the chart's
    assertThat(bars.getLength()).isEqualTo(4);
    assertThat(height(bars, 2)).isEqualTo(2 * height(bars, 3));
    assertThat(chart.toSvg()).contains("Walsync: 50 (40..60) commits/s");
  }

  @Test
  void aContenderWithoutAValueLeavesItsPlaceEmpty() throws Exception {
    BarChart chart = new BarChart("speed", "Speed", "s", true);
    chart.bar("one", "none", new Spread(List.of(1.0)));
    chart.bar("one", "Walsync", new Spread(List.of(2.0)));
    chart.bar("two", "Walsync", new Spread(List.of(3.0)));

    NodeList bars = parsed(chart).getElementsByTagName("rect");

    assertThat(bars.getLength()).isEqualTo(5);
    assertThat(attribute(bars, 4, "fill")).isEqualTo(attribute(bars, 3, "fill"));
  }

  @Test
  void aContenderHasItsColourWithAndWithoutTheApplicationAlone() throws Exception {
    BarChart beside = new BarChart("speed", "Speed", "s", false);
    beside.bar("one", "none", new Spread(List.of(1.0)));
    beside.bar("one", "Walsync", new Spread(List.of(2.0)));
    BarChart apart = new BarChart("speed", "Speed", "s", false);
    apart.bar("one", "Walsync", new Spread(List.of(2.0)));

    assertThat(attribute(parsed(apart).getElementsByTagName("rect"), 0, "fill"))
        .isEqualTo(attribute(parsed(beside).getElementsByTagName("rect"), 1, "fill"));
  }

  @Test
  void aFailureStandsWhereTheBarWouldBe() throws Exception {
    BarChart chart = new BarChart("recovery", "Recovery", "s", false);
    chart.bar("503", "Walsync", new Spread(List.of(1.0)));
    chart.missing("half-open", "other", "WRONG: 4 of 10 rows missing");

    assertThat(parsed(chart).getElementsByTagName("rect").getLength()).isEqualTo(3);
    assertThat(chart.toSvg()).contains(">WRONG</text>", ">half-open</text>");
  }

  @Test
  void aLineHasItsPointsFromLeftToRight() throws Exception {
    LineChart chart = new LineChart("wal", "WAL", "s", "MB", false);
    chart.point("none", 0, 0);
    chart.point("none", 10, 100);

    Element line = (Element) parsed(chart).getElementsByTagName("polyline").item(0);

    assertThat(line.getAttribute("points"))
        .isEqualTo(
            String.format(
                "%.1f,%.1f %.1f,%.1f",
                ChartFrame.LEFT, ChartFrame.BOTTOM, ChartFrame.RIGHT, ChartFrame.TOP));
  }

  private static double height(NodeList bars, int index) {
    return Double.parseDouble(attribute(bars, index, "height"));
  }

  private static String attribute(NodeList elements, int index, String name) {
    return ((Element) elements.item(index)).getAttribute(name);
  }

  private static Document parsed(Chart chart) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(chart.toSvg())));
  }
}
