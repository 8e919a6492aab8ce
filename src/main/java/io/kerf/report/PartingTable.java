package io.kerf.report;

import java.util.List;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** The positions at which a variant and the dense model part most, as a table. */
public final class PartingTable {
  private PartingTable() {}

  /**
   * One position; line breaks and the like stand escaped.
   *
   * @param before the last of what the models see before it
   * @param text what stands there
   * @param dense the dense model's likeliest token
   * @param variant the variant's
   * @param divergence KL(dense || variant) there, in nats
   */
  public record Row(String before, String text, String dense, String variant, double divergence) {}

  /** The table, in the rows' order. */
  public static FootnotedTable of(String caption, List<Row> rows, String footnote) {
    Table table =
        Table.create(
            caption,
            StringColumn.create("after", rows.stream().map(Row::before).toList()),
            StringColumn.create("in the text", rows.stream().map(Row::text).toList()),
            StringColumn.create("dense says", rows.stream().map(Row::dense).toList()),
            StringColumn.create("variant says", rows.stream().map(Row::variant).toList()),
            DoubleColumn.create("KL nats", rows.stream().mapToDouble(Row::divergence).toArray()));
    return FootnotedTable.of(table, footnote);
  }
}
