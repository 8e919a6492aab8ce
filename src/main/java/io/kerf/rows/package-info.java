/**
 * Rows of data, from wherever they come: JSON lines, JSON arrays, CSV, Parquet; a file, one split
 * of a folder, a data set of the Hugging Face hub.
 *
 * <p>Start with {@link io.kerf.rows.DataSet}, which names files, then {@link io.kerf.rows.Reading}.
 * A row is a {@link io.kerf.json.Json} value that knows its file and line, so whoever reads a field
 * reads it in the same way from all of them. May use source and {@code rows.parquet}; FastCSV lives
 * here alone.
 */
package io.kerf.rows;
