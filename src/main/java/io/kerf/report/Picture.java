package io.kerf.report;

import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Locale;
import javax.imageio.ImageIO;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.internal.chartpart.Chart;

/** A chart as SVG or PNG, for a cell or a file. */
public final class Picture {
  private static final int FILE_SCALE = 2;

  private Picture() {}

  /** The chart as an SVG document that can stand inside a page. */
  public static String svg(Chart<?, ?> chart) {
    byte[] document =
        drawn(
            chart,
            () -> {
              ByteArrayOutputStream bytes = new ByteArrayOutputStream();
              VectorGraphicsEncoder.saveVectorGraphic(chart, bytes, VectorGraphicsFormat.SVG);
              return bytes.toByteArray();
            });
    return Svg.inPage(new String(document, StandardCharsets.UTF_8), chart.getTitle());
  }

  /** The chart as PNG, one pixel for each of its own. */
  public static byte[] png(Chart<?, ?> chart) {
    return png(chart, 1);
  }

  private static byte[] png(Chart<?, ?> chart, int scale) {
    return drawn(
        chart,
        () -> {
          int width = chart.getWidth();
          int height = chart.getHeight();
          BufferedImage image =
              new BufferedImage(scale * width, scale * height, BufferedImage.TYPE_INT_RGB);
          Graphics2D graphics = image.createGraphics();
          graphics.scale(scale, scale);
          chart.paint(graphics, width, height);
          graphics.dispose();
          ByteArrayOutputStream bytes = new ByteArrayOutputStream();
          ImageIO.write(image, "png", bytes);
          return bytes.toByteArray();
        });
  }

  /** Draws; where Java has no fonts, which it says by an error about its own classes, says so. */
  static byte[] drawn(Chart<?, ?> chart, Drawing drawing) {
    try {
      return drawing.draw();
    } catch (IOException e) {
      throw new UncheckedIOException("chart '" + chart.getTitle() + "' could not be drawn", e);
    } catch (InternalError | NoClassDefFoundError e) {
      throw new IllegalStateException(
          "chart '"
              + chart.getTitle()
              + "' could not be drawn: Java finds no fonts; install fontconfig and a font (Debian:"
              + " apt-get install fontconfig fonts-dejavu-core)",
          e);
    }
  }

  /** Makes the bytes of a picture. */
  interface Drawing {
    byte[] draw() throws IOException;
  }

  static String pngBase64(Chart<?, ?> chart) {
    return Base64.getEncoder().encodeToString(png(chart));
  }

  /**
   * The chart as an element of a page that holds its PNG.
   *
   * @param sharp whether it has twice the chart's pixels, which takes three times as long
   */
  static String html(Chart<?, ?> chart, boolean sharp) {
    return "<img width=\""
        + chart.getWidth()
        + "\" style=\"max-width:100%;height:auto\" alt=\""
        + Html.escape(chart.getTitle())
        + "\" src=\"data:image/png;base64,"
        + Base64.getEncoder().encodeToString(png(chart, sharp ? FILE_SCALE : 1))
        + "\">";
  }

  /**
   * Writes the chart to a file; its ending, {@code .svg} or {@code .png}, says how. PNG files have
   * twice the chart's pixels, for sharp screens and for print.
   *
   * @return the file
   */
  public static Path save(Chart<?, ?> chart, Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    byte[] bytes;
    if (name.endsWith(".svg")) {
      bytes = svg(chart).getBytes(StandardCharsets.UTF_8);
    } else if (name.endsWith(".png")) {
      bytes = png(chart, FILE_SCALE);
    } else {
      throw new IllegalArgumentException(
          "a chart is saved as .svg or .png, the file was " + file + "; name it " + file + ".svg");
    }
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      return Files.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the chart to " + file, e);
    }
  }
}
