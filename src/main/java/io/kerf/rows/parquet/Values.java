package io.kerf.rows.parquet;

import java.util.Arrays;

/** A page's values, one after the other, in one of the ways in which they may be written. */
@FunctionalInterface
interface Values {
  Object next();

  /**
   * Values as a page says that they are written.
   *
   * @param encoding the number in the file
   * @param count how many values with their nulls there are
   * @param dictionary of the column; null where there is none
   * @throws Cursor.Ended if the page is cut off
   */
  static Values of(long encoding, Cursor in, LeafType type, int count, Object[] dictionary) {
    return switch ((int) encoding) {
      case 0 -> plain(in, type);
      case 2, 8 -> ofDictionary(in, dictionary);
      case 3 -> {
        require(encoding, type, type.physical() == LeafType.Physical.BOOLEAN);
        Runs runs = new Runs(in.part(in.int32()), 1);
        yield () -> runs.next() == 1;
      }
      case 5 -> {
        require(encoding, type, type.isInteger());
        Deltas deltas = new Deltas(in, count);
        yield () -> type.ofInteger(deltas.next());
      }
      case 6 -> {
        require(encoding, type, type.physical() == LeafType.Physical.BYTE_ARRAY);
        Lengths lengths = new Lengths(in, count);
        yield () -> {
          int size = lengths.next();
          return type.ofBytes(in.bytes(), in.take(size), size);
        };
      }
      case 7 -> {
        require(encoding, type, type.isBytes());
        yield new Prefixed(in, type, count);
      }
      case 9 -> split(in, type);
      default ->
          throw new Cursor.Ended("is written in the encoding " + encoding + ", which is not read");
    };
  }

  private static void require(long encoding, LeafType type, boolean fits) {
    if (!fits) {
      throw new Cursor.Ended(
          "is written in the encoding " + encoding + ", which " + type.physical() + " has not");
    }
  }

  /** Values side by side. */
  static Values plain(Cursor in, LeafType type) {
    if (type.physical() == LeafType.Physical.BOOLEAN) {
      long[] bit = {0};
      return () -> in.bits(bit[0]++, 1) == 1;
    }
    if (type.physical() == LeafType.Physical.BYTE_ARRAY) {
      return () -> {
        int size = in.int32();
        return type.ofBytes(in.bytes(), in.take(size), size);
      };
    }
    int size = type.sizeBytes();
    return () -> type.ofBytes(in.bytes(), in.take(size), size);
  }

  private static Values ofDictionary(Cursor in, Object[] dictionary) {
    if (dictionary == null) {
      throw new Cursor.Ended("refers to a dictionary, and the column has none before it");
    }
    if (in.remaining() == 0) { // nothing but nulls
      return () -> {
        throw new Cursor.Ended("holds no index, and one is asked for");
      };
    }
    Runs indices = new Runs(in, in.unsignedByte());
    return () -> {
      int index = indices.next();
      if (index < 0 || index >= dictionary.length) {
        throw new Cursor.Ended(
            "refers to value " + index + " of a dictionary of " + dictionary.length);
      }
      return dictionary[index];
    };
  }

  /** The first bytes of all values, then the second ones, and so on. */
  private static Values split(Cursor in, LeafType type) {
    require(9, type, type.sizeBytes() > 0 && type.physical() != LeafType.Physical.BOOLEAN);
    int size = type.sizeBytes();
    int stride = in.remaining() / size;
    if (stride * size != in.remaining()) {
      throw new Cursor.Ended("has " + in.remaining() + " bytes for values of " + size);
    }
    byte[] value = new byte[size];
    int from = in.at();
    int[] at = {0};
    return () -> {
      if (at[0] == stride) {
        throw new Cursor.Ended("holds " + stride + " values, and more are asked for");
      }
      for (int i = 0; i < size; i++) {
        value[i] = in.bytes()[from + i * stride + at[0]];
      }
      at[0]++;
      return type.ofBytes(value, 0, size);
    };
  }

  /** Lengths that stand before the bytes they measure. */
  final class Lengths {
    private final Deltas lengths;

    /** Leaves the cursor where the bytes begin. */
    Lengths(Cursor in, int most) {
      lengths = new Deltas(new Cursor(in.bytes(), in.at(), in.at() + in.remaining()), most);
      new Deltas(in, most).toEnd();
    }

    int next() {
      long length = lengths.next();
      if (length < 0 || length > Integer.MAX_VALUE) {
        throw new Cursor.Ended("holds a value of " + length + " bytes");
      }
      return (int) length;
    }
  }

  /** Values that begin as the one before them. */
  final class Prefixed implements Values {
    private final Cursor in;
    private final LeafType type;
    private final Lengths prefixes;
    private final Lengths suffixes;
    private byte[] last = {};

    Prefixed(Cursor in, LeafType type, int most) {
      this.in = in;
      this.type = type;
      prefixes = new Lengths(in, most);
      suffixes = new Lengths(in, most);
    }

    @Override
    public Object next() {
      int prefix = prefixes.next();
      int suffix = suffixes.next();
      if (prefix > last.length) {
        throw new Cursor.Ended("takes " + prefix + " bytes of a value that has " + last.length);
      }
      int from = in.take(suffix);
      byte[] value = Arrays.copyOf(last, prefix + suffix);
      System.arraycopy(in.bytes(), from, value, prefix, suffix);
      last = value;
      return type.ofBytes(value, 0, value.length);
    }
  }
}
