package io.kerf.rows.parquet;

import io.kerf.rows.parquet.Footer.Chunk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32;

/** One column of one row group, read value by value; of its pages one is held at a time. */
final class Column {
  private static final int HEAD_BYTES = 1 << 12; // usual headers have 30 bytes, or 200
  private static final int MAX_HEAD_BYTES = 1 << 24;
  private static final int MAX_PAGE_BYTES = 1 << 30;

  private final FileChannel file;
  private final Chunk chunk;
  private final Field leaf;
  private long offset; // of the next page
  private long begun; // values of the chunk in this page and those before it
  private int left; // in the page, behind the current one
  private long pageAt;
  private Object[] dictionary;
  private Runs repetitions; // null where the level is always 0
  private Runs definitions;
  private Values values;
  private boolean ended;
  private int repetition;
  private int definition;

  Column(FileChannel file, Chunk chunk) {
    this.file = file;
    this.chunk = chunk;
    this.leaf = chunk.leaf();
    this.offset = chunk.offset();
    advance();
  }

  boolean ended() {
    return ended;
  }

  /** The current value's repetition level; 0 at the end. */
  int repetition() {
    return repetition;
  }

  /** The current value's definition level. */
  int definition() {
    return definition;
  }

  /**
   * The current value, null where there is none; moves on.
   *
   * @param expected the repetition level that it must have
   */
  Object take(int expected) {
    if (ended || repetition != expected) {
      throw new ParquetException(
          where()
              + (ended
                  ? " has too few values"
                  : " does not fit the columns beside it: level "
                      + repetition
                      + " where "
                      + expected
                      + " is due"));
    }
    try {
      Object value = definition == leaf.definition() ? values.next() : null;
      advance();
      return value;
    } catch (Cursor.Ended e) {
      throw damaged(e);
    }
  }

  private void advance() {
    try {
      while (left == 0) {
        if (begun == chunk.values()) {
          ended = true;
          repetition = 0;
          return;
        }
        nextPage();
      }
      left--;
      repetition = level(repetitions, leaf.repetition());
      definition = level(definitions, leaf.definition());
    } catch (Cursor.Ended e) {
      throw damaged(e);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + chunk.where() + ": " + e.getMessage(), e);
    }
  }

  private static int level(Runs levels, int most) {
    int level = levels == null ? 0 : levels.next();
    if (level > most) {
      throw new Cursor.Ended("has a level of " + level + " where the most is " + most);
    }
    return level;
  }

  private String where() {
    return chunk.where() + ", page at byte " + pageAt;
  }

  private ParquetException damaged(Cursor.Ended e) {
    return new ParquetException(
        where() + " " + e.getMessage() + "; the file is damaged: get it again", e);
  }

  private void nextPage() throws IOException {
    pageAt = offset;
    long end = chunk.offset() + chunk.sizeBytes();
    if (offset >= end) {
      throw new Cursor.Ended(
          "would follow, but the column ends after " + begun + " of " + chunk.values() + " values");
    }
    Thrift head = head(end);
    int size = head.count(2, "uncompressed_page_size");
    int compressed = head.count(3, "compressed_page_size");
    if (compressed > end - offset || size > MAX_PAGE_BYTES) {
      throw new Cursor.Ended(
          "says that it has "
              + compressed
              + " bytes that become "
              + size
              + ", where "
              + (end - offset)
              + " are left");
    }
    long kind = head.number(1, "type");
    if (kind == 0 || kind == 2 || kind == 3) {
      byte[] page = Footer.bytes(file, offset, compressed);
      check(head, page);
      read((int) kind, head, new Cursor(page), size);
    }
    offset += compressed; // an index is of no use here, and passed over
  }

  /** Reads the header that begins at the offset, and moves behind it. */
  private Thrift head(long end) throws IOException {
    for (int room = HEAD_BYTES; ; room *= 8) {
      int size = (int) Math.min(room, end - offset);
      Cursor in = new Cursor(Footer.bytes(file, offset, size));
      try {
        Thrift head = Thrift.read(in, where());
        offset += in.at();
        return head;
      } catch (Cursor.Ended e) {
        if (size == end - offset || room >= MAX_HEAD_BYTES) {
          throw e;
        }
      }
    }
  }

  private static void check(Thrift head, byte[] page) {
    head.optionalNumber(4, "crc")
        .ifPresent(
            expected -> {
              CRC32 seen = new CRC32();
              seen.update(page);
              if ((int) seen.getValue() != expected.intValue()) {
                throw new Cursor.Ended(
                    "has the checksum " + (int) seen.getValue() + ", expected " + expected);
              }
            });
  }

  private void read(int kind, Thrift head, Cursor page, int size) {
    switch (kind) {
      case 2 -> readDictionary(head.struct(7, "dictionary_page_header"), page, size);
      case 3 -> readSecondVersion(head.struct(8, "data_page_header_v2"), page, size);
      default -> {
        Thrift data = head.struct(5, "data_page_header");
        Cursor in = new Cursor(chunk.codec().decompress(page, size));
        begin(data);
        repetitions =
            firstVersionLevels(in, leaf.repetition(), data.number(4, "repetition encoding"));
        definitions =
            firstVersionLevels(in, leaf.definition(), data.number(3, "definition encoding"));
        values = Values.of(data.number(2, "encoding"), in, leaf.type(), left, dictionary);
      }
    }
  }

  private void begin(Thrift data) {
    left = data.count(1, "num_values");
    begun += left;
    if (begun > chunk.values()) {
      throw new Cursor.Ended(
          "has " + begun + " values with those before it, the column " + chunk.values());
    }
  }

  private static Runs firstVersionLevels(Cursor in, int most, long encoding) {
    if (most == 0) {
      return null;
    }
    if (encoding != 3) {
      throw new Cursor.Ended("has levels in the encoding " + encoding + ", read is 3 (RLE)");
    }
    return new Runs(in.part(in.int32()), Runs.width(most));
  }

  /** Levels stand before what is compressed. */
  private void readSecondVersion(Thrift data, Cursor page, int size) {
    int repetitionBytes = data.count(6, "repetition_levels_byte_length");
    int definitionBytes = data.count(5, "definition_levels_byte_length");
    Cursor first = page.part(repetitionBytes);
    Cursor second = page.part(definitionBytes);
    long left = (long) size - repetitionBytes - definitionBytes;
    boolean compressed = data.flag(7, "is_compressed", true) && page.remaining() > 0;
    Codec codec = compressed ? chunk.codec() : Codec.UNCOMPRESSED;
    if (left < 0) {
      throw new Cursor.Ended("has levels of more bytes than " + size);
    }
    Cursor in = new Cursor(codec.decompress(page, (int) left));
    begin(data);
    repetitions = leaf.repetition() == 0 ? null : new Runs(first, Runs.width(leaf.repetition()));
    definitions = leaf.definition() == 0 ? null : new Runs(second, Runs.width(leaf.definition()));
    values = Values.of(data.number(4, "encoding"), in, leaf.type(), this.left, dictionary);
  }

  /** A value takes at least a byte, whatever count the page says. */
  private void readDictionary(Thrift data, Cursor page, int size) {
    int count = data.count(1, "num_values");
    Cursor in = new Cursor(chunk.codec().decompress(page, size));
    if (count > in.remaining() || dictionary != null) {
      throw new Cursor.Ended(
          "is a dictionary of "
              + count
              + " values in "
              + size
              + " bytes"
              + (dictionary == null ? "" : ", the second one"));
    }
    Values plain = Values.plain(in, leaf.type());
    Object[] read = new Object[count];
    for (int i = 0; i < count; i++) {
      read[i] = plain.next();
    }
    dictionary = read;
  }
}
