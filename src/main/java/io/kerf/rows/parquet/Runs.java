package io.kerf.rows.parquet;

/**
 * Numbers of a few bits each, written as runs: either one number that is repeated, or groups of
 * eight side by side. They are read one by one, for a run of a few bytes may stand for billions.
 */
final class Runs {
  private final Cursor in;
  private final int width;
  private long left; // of the run
  private boolean repeated;
  private int value; // that is repeated
  private Cursor packed;
  private long bit;

  /**
   * @param width bits a number, at most 32
   */
  Runs(Cursor in, int width) {
    if (width > 32) {
      throw new Cursor.Ended("holds numbers of " + width + " bits");
    }
    this.in = in;
    this.width = width;
  }

  /** How many bits hold numbers up to that. */
  static int width(int most) {
    return 32 - Integer.numberOfLeadingZeros(most);
  }

  int next() {
    if (width == 0) {
      return 0;
    }
    while (left == 0) {
      begin();
    }
    left--;
    if (repeated) {
      return value;
    }
    int next = (int) packed.bits(bit, width);
    bit += width;
    return next;
  }

  private void begin() {
    long head = in.varint() & 0xffffffffL;
    repeated = (head & 1) == 0;
    if (repeated) {
      left = head >>> 1;
      int bytes = (width + 7) / 8;
      value = (int) in.bits(0, 8 * bytes);
      in.take(bytes);
    } else {
      left = (head >>> 1) * 8;
      // The last group may lack what pads it.
      long bytes = Math.min((head >>> 1) * width, in.remaining());
      packed = in.part(bytes);
      bit = 0;
    }
  }
}
