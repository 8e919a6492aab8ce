package io.kerf.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

class RenderingTest {
  private static List<String> mimeTypes(Object value) {
    return List.copyOf(Rendering.of(value).keySet());
  }

  @Test
  void tableIsHtmlAndText() {
    assertEquals(
        List.of("text/html", "text/plain"),
        mimeTypes(Table.create("t", StringColumn.create("a", "x"))));
  }

  @Test
  void chartIsSvgPngAndText() {
    assertEquals(
        List.of("image/svg+xml", "image/png", "text/plain"),
        mimeTypes(Charts.bars("t", "", "y", List.of("a"), Map.of("s", List.of(1.0)))));
  }

  @Test
  void whatKnowsItsLookShowsIt() {
    Shown shown =
        new Shown() {
          @Override
          public String html() {
            return "<b>x</b>";
          }

          @Override
          public String text() {
            return "x";
          }
        };
    assertEquals(Map.of("text/html", "<b>x</b>", "text/plain", "x"), Rendering.of(shown));
  }

  @Test
  void anythingElseIsItsText() {
    assertEquals(Map.of("text/plain", "[1, 2]"), Rendering.of(List.of(1, 2)));
    assertEquals(Map.of("text/plain", "null"), Rendering.of(null));
  }
}
