package io.kerf.rows.parquet;

/**
 * Undoes Snappy's block format: the length, then bytes as they are and copies of earlier bytes,
 * each behind a tag.
 */
final class Snappy {
  /** A copy of 64 bytes takes three. */
  static final long MOST_TIMES = 22;

  private Snappy() {}

  /**
   * Fills the output, which has the expected length.
   *
   * @throws Cursor.Ended if the block is cut off, or says anything else than that many bytes
   */
  static void decompress(Cursor in, byte[] out) {
    long length = in.varint();
    if (length != out.length) {
      throw new Cursor.Ended("says that it becomes " + length + " bytes, not " + out.length);
    }
    int at = 0;
    while (in.remaining() > 0) {
      int tag = in.unsignedByte();
      int kind = tag & 3;
      if (kind == 0) {
        int size = tag >>> 2;
        long count = 1L + (size < 60 ? size : number(in, size - 59));
        int from = in.take(count);
        check(count <= out.length - at, at, count, out.length);
        System.arraycopy(in.bytes(), from, out, at, (int) count);
        at += (int) count;
      } else {
        int count = kind == 1 ? 4 + (tag >>> 2 & 7) : 1 + (tag >>> 2);
        long back = kind == 1 ? tag >>> 5 << 8 | in.unsignedByte() : number(in, kind == 2 ? 2 : 4);
        if (back == 0 || back > at) {
          throw new Cursor.Ended("copies from " + back + " bytes before byte " + at);
        }
        check(count <= out.length - at, at, count, out.length);
        int from = at - (int) back;
        if (back >= count) {
          System.arraycopy(out, from, out, at, count);
          at += count;
        } else { // byte by byte: a copy that reaches into what it writes repeats it
          for (int to = at + count; at < to; ) {
            out[at++] = out[from++];
          }
        }
      }
    }
    check(at == out.length, at, 0, out.length);
  }

  private static long number(Cursor in, int bytes) {
    long number = 0;
    for (int i = 0; i < bytes; i++) {
      number |= (long) in.unsignedByte() << 8 * i;
    }
    return number;
  }

  private static void check(boolean fits, int at, long count, int length) {
    if (!fits) {
      throw new Cursor.Ended("becomes " + (at + count) + " bytes, not " + length);
    }
  }
}
