package io.kerf.report;

import java.util.List;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Models that can be loaded by name, as a table. */
public final class ModelTable {
  private ModelTable() {}

  /**
   * One model.
   *
   * @param sizeBytes on disk
   * @param from who made it and how it gets here
   */
  public record Row(
      String name, String family, long parameters, long sizeBytes, String licence, String from) {}

  /** The table, in the rows' order. */
  public static FootnotedTable of(List<Row> rows) {
    Table table =
        Table.create(
            "Models by name",
            StringColumn.create("name", rows.stream().map(Row::name).toList()),
            StringColumn.create("family", rows.stream().map(Row::family).toList()),
            DoubleColumn.create(
                "parameters (M)", rows.stream().mapToDouble(r -> r.parameters() / 1e6).toArray()),
            DoubleColumn.create(
                "size (MB)", rows.stream().mapToDouble(r -> r.sizeBytes() / 1e6).toArray()),
            StringColumn.create("licence", rows.stream().map(Row::licence).toList()),
            StringColumn.create("from", rows.stream().map(Row::from).toList()));
    return FootnotedTable.of(
        table,
        "load(\"name\") fetches it the first time; load(Path.of(...)) reads a folder or file");
  }
}
