package io.kerf.report;

import java.util.List;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** The likeliest tokens for a place in a text, as a table. */
public final class TokenTable {
  private TokenTable() {}

  /**
   * One token.
   *
   * @param text what it stands for
   * @param token as the vocabulary spells it
   * @param probability among all tokens, 0..1
   */
  public record Row(String text, String token, double probability) {}

  /** The table, in the rows' order. */
  public static FootnotedTable of(String caption, List<Row> rows, String footnote) {
    Table table =
        Table.create(
            caption,
            StringColumn.create("text", rows.stream().map(Row::text).toList()),
            StringColumn.create("token", rows.stream().map(Row::token).toList()),
            DoubleColumn.create(
                "probability", rows.stream().mapToDouble(Row::probability).toArray()));
    return FootnotedTable.of(table, footnote);
  }
}
