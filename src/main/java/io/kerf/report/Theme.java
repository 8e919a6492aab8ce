package io.kerf.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;
import org.knowm.xchart.style.theme.AbstractBaseTheme;

/**
 * How Kerf's charts look: white, a thin light grid, no frame, and series told apart three times
 * over, by colour, by marker and by dash, so that they survive colour-blind eyes and a grey
 * printer.
 *
 * <p>The colours are Okabe and Ito's (2008) without their yellow, which is too faint on white.
 */
public final class Theme extends AbstractBaseTheme {
  private static final Color INK = new Color(0x262626);
  private static final Color SOFT_INK = new Color(0x595959);
  private static final Color GRID = new Color(0xE6E6E6);
  private static final String FONT = Font.SANS_SERIF;

  /** The colour of reference lines, such as the dense model's score. */
  static final Color REFERENCE = new Color(0x7A7A7A);

  private static final Color[] COLOURS = {
    new Color(0x0072B2), // blue
    new Color(0xD55E00), // vermillion
    new Color(0x009E73), // bluish green
    new Color(0xCC79A7), // reddish purple
    new Color(0xE69F00), // orange
    new Color(0x56B4E9), // sky blue
    new Color(0x262626), // black
  };

  /** What got worse, better, or stayed as it was, and a crowd of points that hide nothing. */
  static final Color LOSS = COLOURS[1];

  static final Color GAIN = COLOURS[0];
  static final Color SAME = COLOURS[2];
  static final Color FAINT = new Color(0x7A, 0x7A, 0x7A, 0x70);

  /** From the most lost over no change to the most gained; dark text is read on each. */
  static Color[] lossToGain() {
    return new Color[] {
      new Color(0xE8804A),
      new Color(0xF7D3BE),
      Color.WHITE,
      new Color(0xC4E1F2),
      new Color(0x56A8DC)
    };
  }

  /** Of the many lines of a logarithmic axis. */
  static final Color FINE_GRID = new Color(0xF2F2F2);

  /** Of numbers in the cells of a map. */
  static final Font CELL_FONT = new Font(FONT, Font.PLAIN, 11);

  /** How many series can be told apart by colour alone. */
  static final int COLOUR_COUNT = COLOURS.length;

  private static final Marker[] MARKERS = {
    SeriesMarkers.CIRCLE,
    SeriesMarkers.SQUARE,
    SeriesMarkers.DIAMOND,
    SeriesMarkers.TRIANGLE_UP,
    SeriesMarkers.TRIANGLE_DOWN,
    SeriesMarkers.CROSS,
    SeriesMarkers.PLUS,
  };

  private static final BasicStroke[] STROKES = {
    stroke(), stroke(9, 4), stroke(2.5f, 3.5f), stroke(9, 3, 2, 3), stroke(14, 4), stroke(5, 3),
  };

  /** The dash of reference lines. */
  static BasicStroke referenceStroke() {
    return new BasicStroke(
        1.4f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10, new float[] {5, 4}, 0);
  }

  private static BasicStroke stroke(float... dash) {
    return new BasicStroke(
        2f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10, dash.length == 0 ? null : dash, 0);
  }

  @Override
  public Color[] getSeriesColors() {
    return COLOURS.clone();
  }

  @Override
  public Marker[] getSeriesMarkers() {
    return MARKERS.clone();
  }

  @Override
  public BasicStroke[] getSeriesLines() {
    return STROKES.clone();
  }

  @Override
  public int getMarkerSize() {
    return 8;
  }

  @Override
  public Font getBaseFont() {
    return new Font(FONT, Font.PLAIN, 12);
  }

  @Override
  public Color getChartBackgroundColor() {
    return Color.WHITE;
  }

  @Override
  public Color getChartFontColor() {
    return INK;
  }

  @Override
  public int getChartPadding() {
    return 14;
  }

  @Override
  public Font getChartTitleFont() {
    return new Font(FONT, Font.BOLD, 15);
  }

  @Override
  public boolean isChartTitleBoxVisible() {
    return false;
  }

  @Override
  public int getChartTitlePadding() {
    return 8;
  }

  @Override
  public Font getLegendFont() {
    return new Font(FONT, Font.PLAIN, 12);
  }

  @Override
  public Color getLegendBackgroundColor() {
    return Color.WHITE;
  }

  @Override
  public Color getLegendBorderColor() {
    return Color.WHITE;
  }

  @Override
  public int getLegendPadding() {
    return 10;
  }

  @Override
  public int getLegendSeriesLineLength() {
    return 34; // long enough for a whole period of every dash
  }

  @Override
  public LegendPosition getLegendPosition() {
    return LegendPosition.OutsideE;
  }

  @Override
  public Font getAxisTitleFont() {
    return new Font(FONT, Font.PLAIN, 13);
  }

  @Override
  public Font getAxisTickLabelsFont() {
    return new Font(FONT, Font.PLAIN, 12);
  }

  @Override
  public Color getAxisTickLabelsColor() {
    return SOFT_INK;
  }

  @Override
  public Color getAxisTickMarksColor() {
    return GRID;
  }

  @Override
  public BasicStroke getAxisTickMarksStroke() {
    return new BasicStroke(1f);
  }

  @Override
  public int getAxisTickMarkLength() {
    return 4;
  }

  @Override
  public int getAxisTickPadding() {
    return 6;
  }

  @Override
  public int getAxisTitlePadding() {
    return 10;
  }

  @Override
  public boolean isAxisTicksLineVisible() {
    return false;
  }

  @Override
  public boolean isAxisTicksMarksVisible() {
    return false;
  }

  @Override
  public boolean isPlotTicksMarksVisible() {
    return false;
  }

  @Override
  public Color getPlotBackgroundColor() {
    return Color.WHITE;
  }

  @Override
  public boolean isPlotBorderVisible() {
    return false;
  }

  @Override
  public Color getPlotBorderColor() {
    return GRID;
  }

  @Override
  public boolean isPlotGridVerticalLinesVisible() {
    return false;
  }

  @Override
  public Color getPlotGridLinesColor() {
    return GRID;
  }

  @Override
  public BasicStroke getPlotGridLinesStroke() {
    return new BasicStroke(1f);
  }

  @Override
  public int getPlotMargin() {
    return 6;
  }

  @Override
  public double getAvailableSpaceFill() {
    return 0.72;
  }

  @Override
  public Color getErrorBarsColor() {
    return SOFT_INK;
  }

  @Override
  public boolean isErrorBarsColorSeriesColor() {
    return true;
  }
}
