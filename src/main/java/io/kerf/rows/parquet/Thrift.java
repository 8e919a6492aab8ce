package io.kerf.rows.parquet;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A structure of Thrift's compact protocol, in which Parquet writes what it says of itself: values
 * by field number.
 *
 * <p>Every element takes at least a byte, so that what is made of a document is bounded by its
 * length; nesting is bounded too.
 */
final class Thrift {
  private static final int MAX_DEPTH = 24; // Parquet's own structures nest 8 deep

  private final Map<Integer, Object> fields; // Boolean, Long, Double, byte[], List<Object>, Thrift
  private final String where;

  private Thrift(Map<Integer, Object> fields, String where) {
    this.fields = fields;
    this.where = where;
  }

  /**
   * Reads a structure and leaves the cursor behind it.
   *
   * @param where how errors name it
   * @throws Cursor.Ended if it is not all there
   */
  static Thrift read(Cursor in, String where) {
    return struct(in, where, 0);
  }

  private static Thrift struct(Cursor in, String where, int depth) {
    if (depth > MAX_DEPTH) {
      throw new ParquetException(where + " nests deeper than " + MAX_DEPTH);
    }
    Map<Integer, Object> fields = new HashMap<>();
    int id = 0;
    for (int head = in.unsignedByte(); head != 0; head = in.unsignedByte()) {
      id = head >>> 4 == 0 ? (short) in.zigzag() : id + (head >>> 4);
      int type = head & 15;
      // A field that is true or false has its value in its type.
      Object value = type == 1 || type == 2 ? (Object) (type == 1) : value(in, type, where, depth);
      if (fields.put(id, value) != null) {
        throw new ParquetException(where + " has field " + id + " twice");
      }
    }
    return new Thrift(fields, where);
  }

  private static Object value(Cursor in, int type, String where, int depth) {
    switch (type) {
      case 1, 2:
        return in.unsignedByte() == 1; // in a list
      case 3:
        return (long) (byte) in.unsignedByte();
      case 4, 5, 6:
        return in.zigzag();
      case 7:
        return Double.longBitsToDouble(in.int64());
      case 8:
        {
          long size = in.varint();
          int from = in.take(size);
          return Arrays.copyOfRange(in.bytes(), from, in.at());
        }
      case 9, 10:
        return list(in, where, depth);
      case 11:
        return map(in, where, depth);
      case 12:
        return struct(in, where, depth + 1);
      default:
        throw new ParquetException(where + " has a value of the unknown type " + type);
    }
  }

  private static List<Object> list(Cursor in, String where, int depth) {
    int head = in.unsignedByte();
    long size = head >>> 4 == 15 ? in.varint() : head >>> 4;
    if (size < 0 || size > in.remaining() || depth > MAX_DEPTH) {
      throw new Cursor.Ended("holds a list of " + size + " where " + in.remaining() + " are left");
    }
    List<Object> list = new ArrayList<>();
    for (long i = 0; i < size; i++) {
      list.add(value(in, head & 15, where, depth + 1));
    }
    return list;
  }

  /** No map is of use here: it is only passed over. */
  private static Object map(Cursor in, String where, int depth) {
    long size = in.varint();
    if (size < 0 || size > in.remaining() || depth > MAX_DEPTH) {
      throw new Cursor.Ended("holds a map of " + size + " where " + in.remaining() + " are left");
    }
    int types = size == 0 ? 0 : in.unsignedByte();
    for (long i = 0; i < size; i++) {
      value(in, types >>> 4, where, depth + 1);
      value(in, types & 15, where, depth + 1);
    }
    return Boolean.TRUE;
  }

  boolean has(int id) {
    return fields.containsKey(id);
  }

  long number(int id, String name) {
    return optionalNumber(id, name).orElseThrow(() -> wrong(id, name, "a whole number"));
  }

  Optional<Long> optionalNumber(int id, String name) {
    return optional(id, name, Long.class, "a whole number");
  }

  /** A number that counts or measures something. */
  int count(int id, String name) {
    long count = number(id, name);
    if (count < 0 || count > Integer.MAX_VALUE) {
      throw new ParquetException(where + ": " + name + " must be a count, was " + count);
    }
    return (int) count;
  }

  boolean flag(int id, String name, boolean otherwise) {
    return optional(id, name, Boolean.class, "true or false").orElse(otherwise);
  }

  String text(int id, String name) {
    byte[] utf8 =
        optional(id, name, byte[].class, "a string").orElseThrow(() -> wrong(id, name, "a string"));
    return new String(utf8, StandardCharsets.UTF_8);
  }

  Thrift struct(int id, String name) {
    return optionalStruct(id, name).orElseThrow(() -> wrong(id, name, "a structure"));
  }

  Optional<Thrift> optionalStruct(int id, String name) {
    return optional(id, name, Thrift.class, "a structure");
  }

  List<Thrift> structs(int id, String name) {
    List<Thrift> structs = new ArrayList<>();
    for (Object item : list(id, name)) {
      if (!(item instanceof Thrift struct)) {
        throw wrong(id, name, "a list of structures");
      }
      structs.add(struct);
    }
    return structs;
  }

  List<String> texts(int id, String name) {
    List<String> texts = new ArrayList<>();
    for (Object item : list(id, name)) {
      if (!(item instanceof byte[] utf8)) {
        throw wrong(id, name, "a list of strings");
      }
      texts.add(new String(utf8, StandardCharsets.UTF_8));
    }
    return texts;
  }

  private List<?> list(int id, String name) {
    return optional(id, name, List.class, "a list").orElseThrow(() -> wrong(id, name, "a list"));
  }

  private <T> Optional<T> optional(int id, String name, Class<T> type, String kind) {
    Object value = fields.get(id);
    if (value != null && !type.isInstance(value)) {
      throw wrong(id, name, kind);
    }
    return Optional.ofNullable(type.cast(value));
  }

  private ParquetException wrong(int id, String name, String kind) {
    Object value = fields.get(id);
    return new ParquetException(
        where
            + ": "
            + name
            + " must be "
            + kind
            + ", was "
            + (value == null ? "absent" : "a " + value.getClass().getSimpleName()));
  }
}
