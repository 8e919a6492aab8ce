package io.kerf.rows.parquet;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * What a file says of itself at its end, checked against its length: no count in it is believed
 * that the file could not hold.
 *
 * @param root of the schema
 * @param groups the rows, some at a time
 */
record Footer(long rows, Field root, List<Group> groups) {
  /** Some rows: a chunk for each column. */
  record Group(long rows, List<Chunk> chunks) {}

  /**
   * A column's part of a group.
   *
   * @param offset where its first page begins, that of a dictionary if there is one
   * @param sizeBytes of all its pages
   * @param values how many there are, nulls and empty lists among them
   */
  record Chunk(Field leaf, Codec codec, long offset, long sizeBytes, long values, String where) {}

  private static final int MAGIC = 0x31524150; // "PAR1", the lowest byte first
  private static final int ENCRYPTED = 0x45524150; // "PARE"

  Footer {
    groups = List.copyOf(groups);
  }

  /**
   * Reads it.
   *
   * @param where how errors name the file
   * @throws ParquetException if it is not one, or is damaged
   */
  static Footer read(FileChannel file, String where) throws IOException {
    long size = file.size();
    if (size < 12) {
      throw new ParquetException(where + " has " + size + " bytes, a Parquet file has at least 12");
    }
    Cursor tail = new Cursor(bytes(file, size - 8, 8));
    long length = tail.int32() & 0xffffffffL;
    int magic = tail.int32();
    if (magic == ENCRYPTED) {
      throw new ParquetException(where + " is encrypted, which is not read: write it without");
    }
    if (magic != MAGIC || new Cursor(bytes(file, 0, 4)).int32() != MAGIC) {
      throw new ParquetException(
          where
              + " does not begin and end with PAR1: it is no Parquet file, or cut off; get it again");
    }
    if (length > size - 12) {
      throw new ParquetException(
          where + " has " + size + " bytes, and says that its footer has " + length);
    }
    try {
      byte[] footer = bytes(file, size - 8 - length, (int) length);
      return new Parser(where, size - 8 - length).footer(Thrift.read(new Cursor(footer), where));
    } catch (Cursor.Ended e) {
      throw new ParquetException(where + ": the footer " + e.getMessage(), e);
    }
  }

  /** Those bytes of a file, which must be there. */
  static byte[] bytes(FileChannel file, long offset, int size) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(size);
    while (buffer.hasRemaining()) {
      if (file.read(buffer, offset + buffer.position()) < 0) {
        throw new Cursor.Ended("ends at byte " + (offset + buffer.position()));
      }
    }
    return buffer.array();
  }

  /** Makes a footer of what is written. */
  private record Parser(String where, long end) {
    Footer footer(Thrift document) {
      Field root = Field.read(document.structs(2, "schema"), where);
      List<Field> leaves = root.allLeaves();
      List<Group> groups = new ArrayList<>();
      long rows = 0;
      for (Thrift group : document.structs(4, "row_groups")) {
        groups.add(group(group, leaves, where + ", row group " + groups.size()));
        rows += groups.get(groups.size() - 1).rows();
      }
      long said = document.number(3, "num_rows");
      if (said != rows) {
        throw new ParquetException(
            where + ": num_rows must be " + rows + " as the row groups have, was " + said);
      }
      return new Footer(rows, root, groups);
    }

    private Group group(Thrift group, List<Field> leaves, String where) {
      long rows = group.number(3, "num_rows");
      List<Thrift> columns = group.structs(1, "columns");
      if (rows < 0 || rows > 1L << 48 || columns.size() != leaves.size()) {
        throw new ParquetException(
            where
                + " has "
                + rows
                + " rows in "
                + columns.size()
                + " columns, where the schema has "
                + leaves.size());
      }
      List<Chunk> chunks = new ArrayList<>();
      for (int i = 0; i < columns.size(); i++) {
        chunks.add(chunk(columns.get(i), leaves.get(i), rows, where));
      }
      return new Group(rows, List.copyOf(chunks));
    }

    private Chunk chunk(Thrift column, Field leaf, long rows, String group) {
      String place = group + ", column " + leaf.name();
      if (column.has(1)) {
        throw new ParquetException(
            place
                + " lies in another file, '"
                + column.text(1, "file_path")
                + "', which is not read");
      }
      if (column.has(8) || !column.has(3)) {
        throw new ParquetException(place + " is encrypted or not described, so it is not read");
      }
      Thrift data = column.struct(3, "meta_data");
      String where = group + ", column " + String.join(".", data.texts(3, "path_in_schema"));
      long type = data.number(1, "type");
      long values = data.number(5, "num_values");
      long size = data.number(7, "total_compressed_size");
      long pages = data.number(9, "data_page_offset");
      long dictionary = data.optionalNumber(11, "dictionary_page_offset").orElse(0L);
      // Some writers name a dictionary's place as 0 where there is none.
      long offset = dictionary > 0 ? Math.min(dictionary, pages) : pages;
      boolean enough = leaf.repetition() == 0 ? values == rows : values >= rows;
      if (type != leaf.type().physical().ordinal() || !enough) {
        throw new ParquetException(
            where
                + " has "
                + values
                + " values of type "
                + type
                + " for "
                + rows
                + " rows of "
                + leaf.type().physical());
      }
      boolean somewhere = values > 0; // else writers name any place
      if (somewhere && (offset < 4 || size < 0 || offset > end || size > end - offset)) {
        throw new ParquetException(
            where + " is said to be " + size + " bytes at " + offset + ", data end at " + end);
      }
      return new Chunk(leaf, Codec.of(data.number(4, "codec"), where), offset, size, values, where);
    }
  }
}
