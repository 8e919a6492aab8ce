package io.kerf.rows.parquet;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** A place in bytes that moves on as values are read; one that is not all there is refused. */
final class Cursor {
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** There are fewer bytes than a value needs. */
  static final class Ended extends RuntimeException {
    Ended(String message) {
      super(message, null, false, false); // often caught: a header is read again with more bytes
    }
  }

  private final byte[] bytes;
  private int at;
  private final int end;

  Cursor(byte[] bytes, int from, int to) {
    this.bytes = bytes;
    this.at = from;
    this.end = to;
  }

  Cursor(byte[] bytes) {
    this(bytes, 0, bytes.length);
  }

  byte[] bytes() {
    return bytes;
  }

  int at() {
    return at;
  }

  int remaining() {
    return end - at;
  }

  /** Moves on by so many bytes; where they begin. */
  int take(long count) {
    if (count < 0 || count > end - at) {
      throw new Ended("needs " + count + " bytes where " + (end - at) + " are left");
    }
    int from = at;
    at += (int) count;
    return from;
  }

  /** So many of the next bytes as a cursor of their own. */
  Cursor part(long count) {
    int from = take(count);
    return new Cursor(bytes, from, at);
  }

  int unsignedByte() {
    return bytes[take(1)] & 0xff;
  }

  int int32() {
    return (int) INT.get(bytes, take(4));
  }

  long int64() {
    return (long) LONG.get(bytes, take(8));
  }

  /** An unsigned number of 7 bits a byte, the lowest first. */
  long varint() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int next = unsignedByte();
      value |= (long) (next & 0x7f) << shift;
      if (next < 0x80) {
        return value;
      }
    }
    throw new Ended("holds a number of more than 10 bytes");
  }

  /** A signed number: 0, -1, 1, -2, ... as 0, 1, 2, 3. */
  long zigzag() {
    long value = varint();
    return value >>> 1 ^ -(value & 1);
  }

  /**
   * So many bits, from that bit on, of the bytes behind the cursor, which stays; the lowest first.
   *
   * @param width at most 64
   */
  long bits(long firstBit, int width) {
    if (firstBit + width > 8L * (end - at)) {
      throw new Ended(
          "needs " + (firstBit + width) + " bits where " + 8L * (end - at) + " are left");
    }
    int from = at + (int) (firstBit >>> 3);
    int skipped = (int) (firstBit & 7);
    long value = 0;
    for (int bit = -skipped; bit < width; bit += 8, from++) {
      long next = bytes[from] & 0xff;
      value |= bit < 0 ? next >>> -bit : next << bit;
    }
    return width == 64 ? value : value & (1L << width) - 1;
  }
}
