package io.kerf.report;

import io.kerf.eval.Calibration;
import java.awt.BasicStroke;
import java.awt.Color;
import java.util.List;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * The reliability diagram: how often a variant is right where it is so sure. On the dashed diagonal
 * confidence and accuracy agree, below it the variant is too sure. The steps along the bottom are
 * the share of its answers that each bin holds; of one variant alone they are filled.
 */
public final class ReliabilityChart {
  private static final int SHADE = 46; // of 255
  private static final int LINE = 150;
  private static final String SIZES = ", share of answers";

  private ReliabilityChart() {}

  /** The diagram of these variants on one task. */
  public static XYChart of(String title, List<CalibrationRow> rows) {
    List<Curve> curves =
        rows.stream().map(row -> new Curve(row.variant(), points(row.calibration()))).toList();
    XYChart chart =
        Charts.lines(
            title, "confidence; steps: share of the answers", "share that is right", curves);
    Color[] colours = new Theme().getSeriesColors();
    XYSeries diagonal =
        chart.addSeries("as sure as right", new double[] {0, 1}, new double[] {0, 1});
    diagonal.setMarker(SeriesMarkers.NONE);
    diagonal.setLineStyle(Theme.referenceStroke());
    diagonal.setLineColor(Theme.REFERENCE);
    for (int i = 0; i < rows.size(); i++) {
      addSizes(chart, rows.get(i), colours[i % colours.length], rows.size() == 1);
    }
    chart.getStyler().setXAxisMin(0.0).setXAxisMax(1.0);
    chart.getStyler().setYAxisMin(0.0).setYAxisMax(1.0);
    chart.getStyler().setXAxisDecimalPattern("0.0");
    chart.getStyler().setYAxisDecimalPattern("0.0");
    chart.getStyler().setLegendVisible(true);
    return chart;
  }

  /** Bins that hold something; the error of a share among so many. */
  private static List<Curve.Point> points(Calibration calibration) {
    return calibration.bins().stream()
        .filter(bin -> bin.samples() > 0)
        .map(
            bin ->
                new Curve.Point(
                    bin.confidence(),
                    bin.accuracy(),
                    Math.sqrt(bin.accuracy() * (1 - bin.accuracy()) / bin.samples())))
        .toList();
  }

  private static void addSizes(XYChart chart, CalibrationRow row, Color colour, boolean alone) {
    List<Calibration.Bin> bins =
        row.calibration().bins().stream().filter(bin -> bin.samples() > 0).toList();
    double[] edges = new double[4 * bins.size()];
    double[] shares = new double[edges.length];
    for (int b = 0; b < bins.size(); b++) {
      // up at the lower edge, down at the upper one
      edges[4 * b] = edges[4 * b + 1] = bins.get(b).low();
      edges[4 * b + 2] = edges[4 * b + 3] = bins.get(b).high();
      shares[4 * b + 1] =
          shares[4 * b + 2] = (double) bins.get(b).samples() / row.calibration().samples();
    }
    XYSeries area = chart.addSeries(row.variant() + SIZES, edges, shares);
    area.setXYSeriesRenderStyle(XYSeriesRenderStyle.Area);
    area.setMarker(SeriesMarkers.NONE);
    area.setLineStyle(new BasicStroke(1.3f));
    area.setLineColor(shade(colour, alone ? 0 : LINE));
    area.setFillColor(shade(colour, alone ? SHADE : 0));
    area.setShowInLegend(false);
  }

  private static Color shade(Color colour, int alpha) {
    return new Color(colour.getRed(), colour.getGreen(), colour.getBlue(), alpha);
  }
}
