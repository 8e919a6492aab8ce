package io.kerf.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knowm.xchart.XYChart;
import org.w3c.dom.Document;

class PictureTest {
  @TempDir Path folder;

  private static XYChart chart(String title, double last) {
    List<Curve.Point> points =
        List.of(new Curve.Point(0, 0.3, 0.01), new Curve.Point(0.5, last, 0.02));
    return Charts.lines(title, "sparsity", "P@1", List.of(new Curve("FFN", points)));
  }

  private static Set<String> ids(String svg) {
    Set<String> ids = new HashSet<>();
    Pattern.compile("id=\"([^\"]+)\"")
        .matcher(svg)
        .results()
        .map(r -> r.group(1))
        .forEach(ids::add);
    return ids;
  }

  @Test
  void svgIsOneWellFormedElementWithATitle() throws Exception {
    String svg = Picture.svg(chart("A <b> & \"c\" $1 \\", 0.2));
    assertTrue(svg.startsWith("<svg "), svg.substring(0, 60));
    Document document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    assertEquals("svg", document.getDocumentElement().getTagName());
    assertEquals(
        "A <b> & \"c\" $1 \\", document.getElementsByTagName("title").item(0).getTextContent());
  }

  @Test
  void svgOfAChartIsOfModerateSize() {
    int length = Picture.svg(chart("Score against sparsity", 0.2)).length();
    assertTrue(length < 80_000, "characters: " + length);
  }

  @Test
  void twoChartsInOnePageShareNoIds() {
    Set<String> first = ids(Picture.svg(chart("one", 0.2)));
    Set<String> second = ids(Picture.svg(chart("two", 0.1)));
    assertFalse(first.isEmpty());
    assertTrue(first.stream().noneMatch(second::contains), first + " " + second);
  }

  @Test
  void everyReferenceMeetsItsId() {
    String svg = Picture.svg(chart("one", 0.2));
    Set<String> referred = new HashSet<>();
    Pattern.compile("url\\(#([^)]+)\\)")
        .matcher(svg)
        .results()
        .map((MatchResult r) -> r.group(1))
        .forEach(referred::add);
    assertFalse(referred.isEmpty());
    assertTrue(ids(svg).containsAll(referred), referred + " in " + ids(svg));
  }

  @Test
  void sameChartGivesTheSameText() {
    assertEquals(Picture.svg(chart("one", 0.2)), Picture.svg(chart("one", 0.2)));
    assertNotEquals(Picture.svg(chart("one", 0.2)), Picture.svg(chart("one", 0.1)));
  }

  @Test
  void pngHasTheChartsSizeAndAWhiteGround() throws Exception {
    XYChart chart = chart("one", 0.2);
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(Picture.png(chart)));
    assertEquals(chart.getWidth(), image.getWidth());
    assertEquals(chart.getHeight(), image.getHeight());
    assertEquals(0xFFFFFF, image.getRGB(1, 1) & 0xFFFFFF);
  }

  @Test
  void savesByTheFilesEnding() throws Exception {
    XYChart chart = chart("one", 0.2);
    Path svg = Picture.save(chart, folder.resolve("new/chart.svg"));
    assertEquals(Picture.svg(chart), Files.readString(svg));
    Path png = Picture.save(chart, folder.resolve("CHART.PNG"));
    BufferedImage image = ImageIO.read(png.toFile());
    assertEquals(2 * chart.getWidth(), image.getWidth());
  }

  @Test
  void refusesAnEndingItDoesNotKnow() {
    Path file = folder.resolve("chart.jpg");
    IllegalArgumentException error =
        assertThrows(IllegalArgumentException.class, () -> Picture.save(chart("one", 0.2), file));
    assertEquals(
        "a chart is saved as .svg or .png, the file was " + file + "; name it " + file + ".svg",
        error.getMessage());
  }

  @Test
  void saysWhatToInstallWhereJavaFindsNoFonts() {
    IllegalStateException error =
        assertThrows(
            IllegalStateException.class,
            () ->
                Picture.drawn(
                    chart("one", 0.2),
                    () -> {
                      throw new InternalError("java.lang.reflect.InvocationTargetException");
                    }));
    assertEquals(
        "chart 'one' could not be drawn: Java finds no fonts; install fontconfig and a font"
            + " (Debian: apt-get install fontconfig fonts-dejavu-core)",
        error.getMessage());
  }

  @Test
  void anErrorThatIsNotKnownDrawsNothing() {
    List<Curve.Point> points = List.of(new Curve.Point(0, 0.3, 0.01), new Curve.Point(0.5, 0.2));
    XYChart chart = Charts.lines("one", "x", "y", List.of(new Curve("a", points)));
    assertFalse(Picture.svg(chart).contains("NaN"));
  }
}
