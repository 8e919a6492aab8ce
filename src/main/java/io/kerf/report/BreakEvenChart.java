package io.kerf.report;

import io.kerf.eval.BreakEven;
import io.kerf.eval.BreakEven.Verdict;
import java.awt.BasicStroke;
import java.awt.Color;
import java.util.List;
import java.util.stream.DoubleStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * What was spent after so many queries: the dense model from nothing, the cut one from what its
 * training took. Where the lines cross, the cut has paid; the band is the interval of that place.
 */
public final class BreakEvenChart {
  private static final Color BAND = new Color(0x7A, 0x7A, 0x7A, 0x38);

  /** A place within the lines: points equally far apart would be XChart's only ticks. */
  private static final double INSIDE = 0.37;

  private BreakEvenChart() {}

  /**
   * The two lines, and their crossing where there is one.
   *
   * @param unit of what is spent: "s", "TFLOP"
   */
  public static XYChart of(
      String title, String dense, String variant, BreakEven bill, String unit) {
    double right = right(bill);
    boolean same = dense.equals(variant);
    XYChart chart =
        Charts.lines(
            title,
            "queries",
            "spent, " + unit,
            List.of(
                line(same ? dense + " (before)" : dense, 0, bill.dense(), right),
                line(variant + ", training first", bill.training(), bill.variant(), right)));
    chart.getSeriesMap().values().forEach(series -> series.setMarker(SeriesMarkers.NONE));
    if (bill.verdict() == Verdict.PAYS) {
      markCrossing(chart, bill, right);
    }
    chart.getStyler().setXAxisMin(0.0).setXAxisMax(right);
    chart.getStyler().setYAxisMin(0.0).setYAxisMax(top(bill, right));
    chart.getStyler().setXAxisDecimalPattern("#,##0");
    chart.getStyler().setLegendPosition(LegendPosition.OutsideS);
    chart.getStyler().setLegendVisible(true);
    return chart;
  }

  /** Twice as far as the crossing, and beyond its interval; with none, thrice the training. */
  private static double right(BreakEven bill) {
    double far = bill.training() / bill.dense() * 3;
    if (bill.verdict() == Verdict.PAYS) {
      double high = bill.queries().high();
      far = 2 * bill.count();
      far = high < 3 * far ? Math.max(far, 1.1 * high) : far;
    } else if (bill.queries().low() < Double.POSITIVE_INFINITY) {
      far = 2 * bill.queries().low(); // it may pay there, at the earliest
    }
    return Charts.roundAbove(Math.max(1, far));
  }

  private static double top(BreakEven bill, double right) {
    return Charts.roundAbove(
        Math.max(bill.dense() * right, bill.training() + bill.variant() * right));
  }

  private static Curve line(String name, double start, double each, double right) {
    return new Curve(
        name,
        DoubleStream.of(0, INSIDE * right, right)
            .mapToObj(x -> new Curve.Point(x, start + each * x))
            .toList());
  }

  private static void markCrossing(XYChart chart, BreakEven bill, double right) {
    double at = bill.count();
    double low = bill.queries().low();
    if (!Double.isNaN(low)) {
      double high = Math.min(right, bill.queries().high());
      double top = top(bill, right);
      XYSeries band =
          chart.addSeries(
              Math.round(100 * bill.queries().level()) + " % of the crossing",
              new double[] {low, low, high, high},
              new double[] {0, top, top, 0});
      band.setXYSeriesRenderStyle(XYSeriesRenderStyle.Area);
      band.setMarker(SeriesMarkers.NONE);
      band.setLineStyle(new BasicStroke(0.5f));
      band.setLineColor(BAND);
      band.setFillColor(BAND);
      band.setShowInLegend(false); // of an area it shows the edge alone
    }
    XYSeries crossing =
        chart.addSeries(
            "paid after " + BreakEvenText.whole(at) + BreakEvenText.bounds(bill.queries()),
            new double[] {at},
            new double[] {at * bill.dense()});
    crossing.setXYSeriesRenderStyle(XYSeriesRenderStyle.Scatter);
    crossing.setMarker(SeriesMarkers.CIRCLE);
    crossing.setMarkerColor(Theme.REFERENCE);
  }
}
