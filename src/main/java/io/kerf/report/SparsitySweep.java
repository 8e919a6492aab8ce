package io.kerf.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.knowm.xchart.XYChart;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/**
 * Scores against the sparsity that was asked for, a curve for each scope: the figure of The Cost of
 * Compression (arXiv 2312.00960).
 *
 * @param title above chart and table
 * @param metric what the scores are
 * @param dense the score of the model without a cut, if it was measured; its place is sparsity 0
 * @param curves by scope, points in any order
 * @param footnote what it stands on
 */
public record SparsitySweep(
    String title, String metric, Optional<Curve.Point> dense, List<Curve> curves, String footnote) {
  private static final double SAME = 1e-9;

  public SparsitySweep {
    if (curves.isEmpty()) {
      throw new IllegalArgumentException(
          "no variant of this report was pruned to a sparsity, so there is no curve to draw; add"
              + " for instance dense.prune(magnitude(0.5))");
    }
    curves = curves.stream().map(SparsitySweep::sorted).toList();
  }

  private static Curve sorted(Curve curve) {
    List<Curve.Point> points = new ArrayList<>(curve.points());
    points.sort(Comparator.comparingDouble(Curve.Point::x));
    return new Curve(curve.name(), points);
  }

  /** The curves, which all begin at the dense model; its score is a dashed level line. */
  public XYChart chart() {
    XYChart chart =
        Charts.lines(
            title,
            "sparsity: share of the scope's weights that are zero",
            metric,
            curves.stream().map(this::fromDense).toList());
    dense.ifPresent(point -> Charts.withReference(chart, "dense", point.y()));
    return chart;
  }

  private Curve fromDense(Curve curve) {
    List<Curve.Point> points = new ArrayList<>();
    dense.ifPresent(points::add);
    points.addAll(curve.points());
    return new Curve(curve.name(), points);
  }

  /** A row for each sparsity, a column for each scope. */
  public FootnotedTable table() {
    TreeSet<Double> sparsities = new TreeSet<>();
    curves.forEach(curve -> curve.points().forEach(point -> sparsities.add(point.x())));
    dense.ifPresent(point -> sparsities.add(point.x()));
    List<Column<?>> columns = new ArrayList<>();
    columns.add(DoubleColumn.create("sparsity", List.copyOf(sparsities)));
    for (Curve curve : curves) {
      Curve whole = fromDense(curve);
      columns.add(
          DoubleColumn.create(
              metric + " " + whole.name(),
              sparsities.stream().mapToDouble(x -> score(whole, x)).toArray()));
    }
    return FootnotedTable.of(Table.create(title, columns), footnote);
  }

  private static double score(Curve curve, double sparsity) {
    return curve.points().stream()
        .filter(point -> Math.abs(point.x() - sparsity) < SAME)
        .mapToDouble(Curve.Point::y)
        .findFirst()
        .orElse(Double.NaN);
  }
}
