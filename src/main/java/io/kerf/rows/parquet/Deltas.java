package io.kerf.rows.parquet;

/**
 * Whole numbers written as differences, in blocks that each name the least difference and a width
 * of bits for every part of the block. They are read one by one.
 */
final class Deltas {
  private static final int MAX_BLOCK = 1 << 24;

  private final Cursor in;
  private final int partValues; // in each part of a block
  private final int parts; // in a block
  private final long count;
  private long read;
  private long value;
  private long least;
  private int part; // of the block, the next
  private Cursor widths;
  private Cursor packed;
  private int width;
  private int inPart; // how many of the part's values were read

  /**
   * @param most how many values there may be
   */
  Deltas(Cursor in, long most) {
    this.in = in;
    long block = in.varint();
    long blockParts = in.varint();
    if (block <= 0 || block > MAX_BLOCK || blockParts <= 0 || block % (8 * blockParts) != 0) {
      throw new Cursor.Ended("has blocks of " + block + " differences in " + blockParts + " parts");
    }
    parts = (int) blockParts;
    partValues = (int) (block / blockParts);
    count = in.varint();
    if (count < 0 || count > most) {
      throw new Cursor.Ended("holds " + count + " numbers where there are " + most + " values");
    }
    value = in.zigzag();
    part = parts;
    inPart = partValues;
  }

  long count() {
    return count;
  }

  long next() {
    if (read == count) {
      throw new Cursor.Ended("holds " + count + " numbers, and more are asked for");
    }
    if (read++ > 0) {
      if (inPart == partValues) {
        begin();
      }
      value += least + packed.bits((long) inPart * width, width);
      inPart++;
    }
    return value;
  }

  private void begin() {
    if (part == parts) {
      least = in.zigzag();
      widths = in.part(parts);
      part = 0;
    }
    width = widths.unsignedByte();
    if (width > 64) {
      throw new Cursor.Ended("holds differences of " + width + " bits");
    }
    packed = in.part((long) partValues * width / 8);
    part++;
    inPart = 0;
  }

  /** Reads what is left; the cursor stands behind it then. */
  Deltas toEnd() {
    while (read < count) {
      next();
    }
    return this;
  }
}
