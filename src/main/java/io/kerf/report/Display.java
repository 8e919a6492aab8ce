package io.kerf.report;

import org.knowm.xchart.internal.chartpart.Chart;
import tech.tablesaw.api.Table;

/**
 * {@code display(...)} as a cell writes it. The door inherits these, so that one {@code import
 * static io.kerf.Kerf.*;} brings them.
 *
 * <p>There is deliberately no {@code display(Object)}: JJava and IJava import one of their own, and
 * two of the same signature would make every call ambiguous. These are more specific and return
 * nothing, so a cell that ends with one shows the table and not its display id too.
 */
public abstract class Display {
  /** For the door alone. */
  protected Display() {}

  /** Shows a table: in a notebook as HTML, elsewhere as text. */
  public static void display(Table table) {
    Screen.current().show(table);
  }

  /** Shows a chart: in a notebook as a picture, elsewhere its values as text. */
  public static void display(Chart<?, ?> chart) {
    Screen.current().show(chart);
  }

  /**
   * Shows any values one below the other. A kernel's own {@code display(Object)}, where there is
   * one, takes a single value of another type than those above.
   */
  public static void display(Object first, Object... more) {
    Screen.current().show(first);
    for (Object value : more) {
      Screen.current().show(value);
    }
  }

  /** Shows what knows its own look. */
  public static void display(Shown shown) {
    Screen.current().show(shown);
  }
}
