package io.kerf.rows;

import io.kerf.json.Json;
import java.util.List;

/**
 * Rows, and the files they stand in.
 *
 * @param files those that were read of; where only the first rows were asked for, files behind them
 *     are left out
 */
public record Rows(List<Json> rows, List<DataFile> files) {
  public Rows {
    rows = List.copyOf(rows);
    files = List.copyOf(files);
  }
}
