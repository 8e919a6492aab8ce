package io.kerf.report;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.knowm.xchart.internal.chartpart.Chart;
import tech.tablesaw.api.Table;

/**
 * What an object looks like: a MIME bundle, the richest form first and {@code text/plain} always
 * among them, as Jupyter's messages carry it.
 */
public final class Rendering {
  public static final String HTML = "text/html";
  public static final String SVG = "image/svg+xml";
  public static final String PNG = "image/png";
  public static final String TEXT = "text/plain";

  /** Every type that a bundle may hold. */
  public static final List<String> MIME_TYPES = List.of(HTML, SVG, PNG, TEXT);

  /** The types that {@link #of} draws better than {@code toString} does; subtypes included. */
  public static final List<Class<?>> TYPES = List.of(Table.class, Chart.class, Shown.class);

  private Rendering() {}

  /**
   * The MIME bundle of a table, a chart, anything {@link Shown}, or the text of anything else.
   *
   * @return MIME type to content; pictures other than SVG in base 64
   */
  public static Map<String, String> of(Object value) {
    Map<String, String> bundle = new LinkedHashMap<>();
    if (value instanceof Table table) {
      bundle.put(HTML, TableHtml.of(table));
      bundle.put(TEXT, TableText.of(table));
    } else if (value instanceof Chart<?, ?> chart) {
      bundle.put(SVG, Picture.svg(chart));
      bundle.put(PNG, Picture.pngBase64(chart));
      bundle.put(TEXT, ChartText.of(chart));
    } else if (value instanceof Shown shown) {
      bundle.put(HTML, shown.html());
      bundle.put(TEXT, shown.text());
    } else {
      bundle.put(TEXT, String.valueOf(value));
    }
    return Collections.unmodifiableMap(bundle);
  }
}
