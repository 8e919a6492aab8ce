package io.kerf.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ThemeTest {
  /** Linear RGB as a person without one kind of cone sees it (Viénot, Brettel, Mollon 1999). */
  private static final double[][][] EYES = {
    {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}, // all cones
    {{0.11238, 0.88762, 0}, {0.11238, 0.88762, 0}, {0.00401, -0.00401, 1}}, // protanopia
    {{0.29275, 0.70725, 0}, {0.29275, 0.70725, 0}, {-0.02234, 0.02234, 1}}, // deuteranopia
  };

  private static double linear(int channel) {
    double c = channel / 255.0;
    return c <= 0.04045 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4);
  }

  private static double[] seen(double[][] eye, Color colour) {
    double[] rgb = {linear(colour.getRed()), linear(colour.getGreen()), linear(colour.getBlue())};
    // The cube root spaces brightness as eyes do.
    return Arrays.stream(eye)
        .mapToDouble(row -> Math.cbrt(row[0] * rgb[0] + row[1] * rgb[1] + row[2] * rgb[2]))
        .toArray();
  }

  private static double distance(double[] a, double[] b) {
    return Math.sqrt(
        Math.pow(a[0] - b[0], 2) + Math.pow(a[1] - b[1], 2) + Math.pow(a[2] - b[2], 2));
  }

  @Test
  void coloursStayApartWithAndWithoutEveryCone() {
    Color[] colours = new Theme().getSeriesColors();
    for (double[][] eye : EYES) {
      for (int i = 0; i < colours.length; i++) {
        for (int j = i + 1; j < colours.length; j++) {
          double apart = distance(seen(eye, colours[i]), seen(eye, colours[j]));
          assertTrue(apart > 0.1, "colours " + i + " and " + j + " are only " + apart + " apart");
        }
      }
    }
  }

  @Test
  void coloursStandOutFromTheirGround() {
    Theme theme = new Theme();
    assertEquals(Color.WHITE, theme.getChartBackgroundColor());
    assertEquals(Color.WHITE, theme.getPlotBackgroundColor());
    for (Color colour : theme.getSeriesColors()) {
      double luminance =
          0.2126 * linear(colour.getRed())
              + 0.7152 * linear(colour.getGreen())
              + 0.0722 * linear(colour.getBlue());
      double contrast = 1.05 / (luminance + 0.05);
      assertTrue(contrast > 2, colour + " has contrast " + contrast);
    }
  }

  @Test
  void everyColourHasAMarkerOfItsOwn() {
    Theme theme = new Theme();
    assertEquals(Theme.COLOUR_COUNT, Arrays.stream(theme.getSeriesMarkers()).distinct().count());
  }
}
