package io.kerf.report;

import java.util.List;

/**
 * One line of a chart.
 *
 * @param name as the legend writes it
 * @param points from left to right
 */
public record Curve(String name, List<Point> points) {
  public Curve {
    points = List.copyOf(points);
    if (points.isEmpty()) {
      throw new IllegalArgumentException("curve '" + name + "' has no points");
    }
  }

  /**
   * One point; {@code error} is the half length of its bar, NaN for none.
   *
   * @param x where
   * @param y how much
   * @param error a standard error, NaN where there is none
   */
  public record Point(double x, double y, double error) {
    public Point(double x, double y) {
      this(x, y, Double.NaN);
    }
  }

  boolean hasErrors() {
    return points.stream().anyMatch(point -> point.error() > 0);
  }

  double[] xs() {
    return points.stream().mapToDouble(Point::x).toArray();
  }

  double[] ys() {
    return points.stream().mapToDouble(Point::y).toArray();
  }

  double[] errors() {
    return points.stream().mapToDouble(Point::error).toArray();
  }
}
