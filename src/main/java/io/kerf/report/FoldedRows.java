package io.kerf.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Weights of one role that are equal in shape and dtype, from all the blocks that have them.
 *
 * @param blocks "0-29", "0, 2-4", "encoder 0-3", or {@link Digits#MISSING} outside the blocks
 * @param role "QUERY", "QUERY bias"
 * @param sparsity of all of them together, 0..1
 * @param leastSparsity of the one with the fewest zeros
 */
record FoldedRows(
    String blocks,
    String role,
    String shape,
    String dtype,
    long parameters,
    long bytes,
    double sparsity,
    double leastSparsity,
    double mostSparsity) {
  private record Kind(boolean inBlock, String stack, String role, String shape, String dtype) {}

  /** Folds rows; what comes out is in the order of the forward pass. */
  static List<FoldedRows> of(List<SummaryTable.Row> rows) {
    List<SummaryTable.Row> sorted = new ArrayList<>(rows);
    sorted.sort(
        Comparator.comparing(SummaryTable.Row::role)
            .thenComparing(SummaryTable.Row::bias)
            .thenComparing(SummaryTable.Row::stack, Comparator.reverseOrder()) // encoder first
            .thenComparingInt(SummaryTable.Row::block));
    Map<Kind, List<SummaryTable.Row>> kinds = new LinkedHashMap<>();
    for (SummaryTable.Row row : sorted) {
      String role = row.role() + (row.bias() ? " bias" : "");
      kinds
          .computeIfAbsent(
              new Kind(row.block() >= 0, row.stack(), role, row.shape(), row.dtype()),
              k -> new ArrayList<>())
          .add(row);
    }
    return kinds.entrySet().stream().map(kind -> of(kind.getKey(), kind.getValue())).toList();
  }

  private static FoldedRows of(Kind kind, List<SummaryTable.Row> rows) {
    long parameters = rows.stream().mapToLong(SummaryTable.Row::parameters).sum();
    long zeros = rows.stream().mapToLong(SummaryTable.Row::zeros).sum();
    var sparsities = rows.stream().mapToDouble(SummaryTable.Row::sparsity).summaryStatistics();
    return new FoldedRows(
        kind.inBlock ? (kind.stack + " " + ranges(rows)).strip() : Digits.MISSING,
        kind.role,
        kind.shape,
        kind.dtype,
        parameters,
        rows.stream().mapToLong(SummaryTable.Row::bytes).sum(),
        parameters == 0 ? 0 : (double) zeros / parameters,
        sparsities.getMin(),
        sparsities.getMax());
  }

  /** Blocks in ascending order as runs. */
  private static String ranges(List<SummaryTable.Row> rows) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < rows.size(); i++) {
      int first = rows.get(i).block();
      while (i + 1 < rows.size() && rows.get(i + 1).block() == rows.get(i).block() + 1) {
        i++;
      }
      int last = rows.get(i).block();
      text.append(text.isEmpty() ? "" : ", ").append(first);
      text.append(first == last ? "" : "-" + last);
    }
    return text.toString();
  }
}
