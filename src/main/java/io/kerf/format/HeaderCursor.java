package io.kerf.format;

import io.kerf.tensor.MappedBytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.Checksum;

/**
 * Reads little-endian fields one after another, each checked to lie inside the region.
 *
 * <p>Every method takes the field's name for the error.
 */
final class HeaderCursor {
  private final FileRegion region;
  private final MappedBytes bytes;
  private final ByteBuffer number = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
  private final long end;
  private long position;

  HeaderCursor(FileRegion region) {
    this(region, region.map(), 0, region.length());
  }

  private HeaderCursor(FileRegion region, MappedBytes bytes, long position, long end) {
    this.region = region;
    this.bytes = bytes;
    this.position = position;
    this.end = end;
  }

  /** Steps over so many bytes and gives a cursor that reads no others. */
  HeaderCursor within(String field, long count) {
    require(field, count);
    position += count;
    return new HeaderCursor(region, bytes, position - count, position);
  }

  /** A cursor over a run of the region, wherever this one stands. */
  HeaderCursor at(String field, long offset, long size) {
    region.slice(field, offset, size);
    return new HeaderCursor(region, bytes, offset, offset + size);
  }

  /** Feeds what is left to a checksum. */
  void checksum(Checksum checksum) {
    bytes.checksum(position, remaining(), checksum);
  }

  long position() {
    return position;
  }

  long remaining() {
    return end - position;
  }

  byte int8(String field) {
    return load(field, 1).get(0);
  }

  short int16(String field) {
    return load(field, 2).getShort(0);
  }

  int int32(String field) {
    return load(field, 4).getInt(0);
  }

  long int64(String field) {
    return load(field, 8).getLong(0);
  }

  float float32(String field) {
    return load(field, 4).getFloat(0);
  }

  double float64(String field) {
    return load(field, 8).getDouble(0);
  }

  /** A varint of up to 64 bits: seven a byte, lowest first, as Protocol Buffers and LevelDB. */
  long varint(String field) {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      byte next = int8(field);
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw region.wrong(field + " is a varint of more than ten bytes");
  }

  /** So many bytes; the count is checked before anything is allocated. */
  byte[] bytes(String field, long count) {
    require(field, count);
    if (count > Integer.MAX_VALUE - 8) {
      throw region.wrong(field + " has " + count + " bytes, more than an array holds");
    }
    byte[] copy = new byte[(int) count];
    bytes.read(position, copy, 0, copy.length);
    position += count;
    return copy;
  }

  /** UTF-8 text of so many bytes. */
  String text(String field, long count) {
    return new String(bytes(field, count), StandardCharsets.UTF_8);
  }

  /**
   * A count of things that follow, none of which takes fewer than {@code leastBytes}.
   *
   * @return the same count, now known to be an int that the rest of the region can hold
   */
  int count(String field, long count, int leastBytes) {
    if (count < 0 || count > remaining() / leastBytes || count > Integer.MAX_VALUE - 8) {
      throw region.wrong(
          field
              + " is "
              + Long.toUnsignedString(count)
              + ", more than the remaining "
              + remaining()
              + " bytes can hold");
    }
    return (int) count;
  }

  /** An error about the region that is read. */
  FormatException wrong(String what) {
    return region.wrong(what);
  }

  private ByteBuffer load(String field, int size) {
    require(field, size);
    bytes.read(position, number.array(), 0, size);
    position += size;
    return number;
  }

  private void require(String field, long count) {
    if (count < 0 || count > remaining()) {
      throw region.wrong(
          field
              + " needs "
              + Long.toUnsignedString(count)
              + " bytes at byte "
              + position
              + ", but only "
              + remaining()
              + " are left");
    }
  }
}
