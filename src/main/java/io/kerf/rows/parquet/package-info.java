/**
 * Parquet files, read as rows: column by column, page by page, with every count checked against the
 * file.
 *
 * <p>Start with {@link io.kerf.rows.parquet.ParquetRows}. Read are all encodings of pages of both
 * versions but BIT_PACKED, uncompressed or by Snappy, gzip and Zstandard (zstd-jni, which lives
 * here alone). Depends on nothing but {@code file}. The format:
 * https://github.com/apache/parquet-format.
 */
package io.kerf.rows.parquet;
