package io.kerf.rows;

import java.util.HashSet;
import java.util.List;

/**
 * How rows are read where files leave it open.
 *
 * @param columns the names of a CSV file's columns, for files without a header; empty where the
 *     first line has them
 * @param typedColumns whether fields of a CSV file become numbers, booleans and null where a whole
 *     column of its file looks like it, as pandas and Python's datasets read them; else all are
 *     strings, exactly as they stand
 * @param first how many rows are read at most
 */
public record Reading(List<String> columns, boolean typedColumns, long first) {
  public Reading {
    columns = List.copyOf(columns);
    if (first < 0) {
      throw new IllegalArgumentException("first must be a number of rows, was " + first);
    }
    if (new HashSet<>(columns).size() < columns.size()) {
      throw new IllegalArgumentException("columns must have different names, were " + columns);
    }
  }

  /** All rows; a CSV file's first line names its columns, and its fields are strings. */
  public static Reading all() {
    return new Reading(List.of(), false, Long.MAX_VALUE);
  }

  /** CSV files have no header: these are the names of their columns. */
  public Reading columns(String... names) {
    return new Reading(List.of(names), typedColumns, first);
  }

  /** A CSV file's fields are typed by column, as pandas does. */
  public Reading typed() {
    return new Reading(columns, true, first);
  }

  /** No more rows than that are read; files are not read behind them. */
  public Reading first(long rows) {
    return new Reading(columns, typedColumns, rows);
  }
}
