package io.kerf.report;

import io.kerf.train.Smoothing;
import io.kerf.train.TrainingLog;
import io.kerf.train.TrainingStep;
import java.awt.BasicStroke;
import java.awt.Color;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.Styler.YAxisPosition;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * The loss of training by the tokens that were read: every step pale, their average ({@link
 * Smoothing}, decay 0.9) in full colour.
 *
 * <p>A long training is drawn by its extremes, a few hundred points whatever its steps. A loss that
 * is no number is left out.
 */
public final class LossChart {
  private static final String X_TITLE = "tokens read";
  private static final String Y_TITLE = "loss, nats per token";
  private static final int PALE = 90; // of 255
  private static final BasicStroke THIN = new BasicStroke(1f);
  private static final BasicStroke BOLD =
      new BasicStroke(2.6f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);

  /** Two points each, about as many as the picture has columns. */
  private static final int BINS = 300;

  private static final int MARKS = 8; // along a line
  private static final int STAGGER = 5; // runs until marks stand above each other again

  private LossChart() {}

  /** Runs side by side, by name. */
  public static XYChart of(Map<String, List<TrainingStep>> runs) {
    return of("Training loss", runs);
  }

  /**
   * Runs side by side, by name: a colour and a mark for each, their averages alone in the legend. A
   * run without a loss has no line.
   *
   * @throws IllegalArgumentException if none has one
   */
  public static XYChart of(String title, Map<String, List<TrainingStep>> runs) {
    Map<String, List<TrainingStep>> drawn = new LinkedHashMap<>(runs);
    drawn.values().removeIf(steps -> !drawable(steps));
    if (drawn.isEmpty()) {
      throw new IllegalArgumentException(
          "chart '" + title + "': no run of " + runs.keySet() + " has a step with a finite loss");
    }
    List<Curve> marked = new ArrayList<>();
    drawn.forEach((name, run) -> marked.add(new Curve(name, some(average(run), marked.size()))));
    XYChart chart = Charts.lines(title, X_TITLE, Y_TITLE, marked);
    Color[] colours = new Theme().getSeriesColors();
    int i = 0;
    for (var run : drawn.entrySet()) {
      Color colour = colours[i++ % colours.length];
      XYSeries marks = chart.getSeriesMap().get(run.getKey());
      marks.setXYSeriesRenderStyle(XYSeriesRenderStyle.Scatter);
      marks.setMarkerColor(colour);
      bold(add(chart, run.getKey() + ", average", average(run.getValue())), colour, false);
      pale(add(chart, run.getKey() + ", each step", extremes(run.getValue())), colour, false);
    }
    return finished(chart);
  }

  /**
   * One run, with its learning rate on the axis at the right.
   *
   * @throws IllegalArgumentException if it has no step with a finite loss
   */
  public static XYChart of(String title, List<TrainingStep> steps) {
    if (!drawable(steps)) {
      throw new IllegalArgumentException(
          "chart '" + title + "': none of " + steps.size() + " steps has a finite loss");
    }
    String name = "average, decay " + Smoothing.USUAL_DECAY;
    XYChart chart = Charts.lines(title, X_TITLE, Y_TITLE, List.of(new Curve(name, average(steps))));
    Color colour = new Theme().getSeriesColors()[0];
    bold(chart.getSeriesMap().get(name), colour, true);
    XYSeries raw = add(chart, "each step", extremes(steps));
    pale(raw, colour, true);
    if (raw.getXData().length == 1) { // a line of one point is not seen
      raw.setMarker(SeriesMarkers.CIRCLE);
      raw.setMarkerColor(colour);
    }
    addLearningRate(chart, steps);
    return finished(chart);
  }

  /** Whether there is a loss to draw. */
  static boolean drawable(List<TrainingStep> steps) {
    return steps.stream().anyMatch(step -> Double.isFinite(step.loss()));
  }

  /** In units of a power of ten, so that its axis has plain numbers. */
  private static void addLearningRate(XYChart chart, List<TrainingStep> steps) {
    double highest =
        steps.stream()
            .mapToDouble(TrainingStep::learningRate)
            .filter(Double::isFinite)
            .max()
            .orElse(0);
    if (!(highest > 0)) {
      return;
    }
    int power = (int) Math.floor(Math.log10(highest) + 1e-9);
    double unit = Math.pow(10, power);
    List<Curve.Point> points = new ArrayList<>();
    for (int[] bin : bins(steps.size())) {
      TrainingStep first = steps.get(bin[0]);
      if (Double.isFinite(first.learningRate())) {
        points.add(new Curve.Point(first.tokens(), first.learningRate() / unit));
      }
    }
    String name =
        power == 0 ? "learning rate" : String.format(Locale.ROOT, "learning rate, 1e%d", power);
    XYSeries series = add(chart, name, points);
    series.setYAxisGroup(1);
    series.setLineStyle(THIN); // of so many points a dash would not be seen
    series.setLineColor(Theme.REFERENCE);
    chart.setYAxisGroupTitle(1, name);
    chart.getStyler().setYAxisGroupPosition(1, YAxisPosition.Right);
    chart.getStyler().setYAxisMin(1, 0.0);
    chart.getStyler().setYAxisMax(1, Charts.roundAbove(highest / unit));
    chart.getStyler().putYAxisGroupDecimalPatternMap(1, "0.##");
  }

  private static void bold(XYSeries series, Color colour, boolean inLegend) {
    series.setMarker(SeriesMarkers.NONE);
    series.setLineStyle(BOLD);
    series.setLineColor(colour);
    series.setShowInLegend(inLegend);
  }

  private static void pale(XYSeries series, Color colour, boolean inLegend) {
    series.setLineStyle(THIN);
    series.setLineColor(new Color(colour.getRed(), colour.getGreen(), colour.getBlue(), PALE));
    series.setShowInLegend(inLegend);
  }

  private static XYSeries add(XYChart chart, String name, List<Curve.Point> points) {
    Curve curve = new Curve(name, points);
    XYSeries series = chart.addSeries(name, curve.xs(), curve.ys());
    series.setMarker(SeriesMarkers.NONE);
    return series;
  }

  /** With an x axis from 0 to a round number; XChart alone would put its ticks on steps. */
  private static XYChart finished(XYChart chart) {
    double last = 1;
    DoubleSummaryStatistics losses = new DoubleSummaryStatistics();
    for (XYSeries series : chart.getSeriesMap().values()) {
      last = Math.max(last, DoubleStream.of(series.getXData()).max().orElse(0));
      if (series.getYAxisGroup() == 0) {
        DoubleStream.of(series.getYData()).forEach(losses);
      }
    }
    XYStyler styler = chart.getStyler();
    styler.setXAxisDecimalPattern("#,##0");
    styler.setXAxisMin(0.0).setXAxisMax(Charts.roundAbove(last));
    if (losses.getMin() == losses.getMax()) {
      double floor = Math.floor(losses.getMin());
      styler.setYAxisMin(floor).setYAxisMax(floor + 1);
    }
    styler.setLegendPosition(LegendPosition.OutsideS);
    styler.setLegendLayout(LegendLayout.Horizontal);
    styler.setLegendVisible(true);
    return chart;
  }

  /**
   * Where an average is marked, so that lines are told apart without colour: for each run apart.
   */
  private static List<Curve.Point> some(List<Curve.Point> points, int run) {
    List<Curve.Point> some = new ArrayList<>();
    int count = Math.min(MARKS, points.size());
    for (int m = 0; m < count; m++) {
      double place = (m + (run % STAGGER + 0.5) / STAGGER) / count;
      some.add(points.get((int) (place * points.size())));
    }
    return some;
  }

  private static List<Curve.Point> average(List<TrainingStep> steps) {
    double[] smoothed = TrainingLog.smoothedLosses(steps, Smoothing.USUAL_DECAY);
    List<Curve.Point> points = new ArrayList<>();
    for (int[] bin : bins(steps.size())) {
      int last = bin[1] - 1;
      if (Double.isFinite(smoothed[last])) {
        points.add(new Curve.Point(steps.get(last).tokens(), smoothed[last]));
      }
    }
    return points;
  }

  /** Of each bin the lowest and the highest loss, in the order in which they came. */
  private static List<Curve.Point> extremes(List<TrainingStep> steps) {
    List<Curve.Point> points = new ArrayList<>();
    for (int[] bin : bins(steps.size())) {
      List<TrainingStep> finite =
          steps.subList(bin[0], bin[1]).stream()
              .filter(step -> Double.isFinite(step.loss()))
              .toList();
      if (!finite.isEmpty()) {
        int low = extreme(finite, TrainingStep::loss);
        int high = extreme(finite, step -> -step.loss());
        points.add(point(finite.get(Math.min(low, high))));
        if (low != high) {
          points.add(point(finite.get(Math.max(low, high))));
        }
      }
    }
    return points;
  }

  private static int extreme(List<TrainingStep> steps, ToDoubleFunction<TrainingStep> value) {
    int least = 0;
    for (int i = 1; i < steps.size(); i++) {
      if (value.applyAsDouble(steps.get(i)) < value.applyAsDouble(steps.get(least))) {
        least = i;
      }
    }
    return least;
  }

  private static Curve.Point point(TrainingStep step) {
    return new Curve.Point(step.tokens(), step.loss());
  }

  /** Ranges of steps, [from, to), none empty, at most {@link #BINS}. */
  private static List<int[]> bins(int steps) {
    int count = Math.min(steps, BINS);
    List<int[]> bins = new ArrayList<>(count);
    for (int b = 0; b < count; b++) {
      bins.add(
          new int[] {(int) ((long) steps * b / count), (int) ((long) steps * (b + 1) / count)});
    }
    return bins;
  }
}
