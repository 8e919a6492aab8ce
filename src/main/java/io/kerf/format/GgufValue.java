package io.kerf.format;

import java.util.List;
import java.util.Optional;

/**
 * One value of a GGUF file's metadata that knows where it stands, so that a wrong one is named by
 * file and key. Values are read strictly: {@link #text()} of a number is an error.
 */
public final class GgufValue {
  private final String where; // "model.gguf: llama.block_count"
  private final GgufType type; // of the value, or of an array's elements; null where absent
  private final Object content; // Long, Double, Boolean, String, or an array of them; see GgufType

  GgufValue(String where, GgufType type, Object content) {
    this.where = where;
    this.type = type;
    this.content = content;
  }

  static GgufValue absent(String where) {
    return new GgufValue(where, null, null);
  }

  /** Whether the file has this key. */
  public boolean present() {
    return content != null;
  }

  /** This value, or nothing where the file has none. */
  public Optional<GgufValue> optional() {
    return present() ? Optional.of(this) : Optional.empty();
  }

  public boolean isText() {
    return content instanceof String;
  }

  public boolean isArray() {
    return content instanceof long[]
        || content instanceof double[]
        || content instanceof boolean[]
        || content instanceof List;
  }

  /** The string. */
  public String text() {
    return require(String.class, "a string");
  }

  /** The whole number, in the range of int. */
  public int integer() {
    long value = longInteger();
    if (value != (int) value) {
      throw wrong("a whole number between -2^31 and 2^31 - 1");
    }
    return (int) value;
  }

  /** The whole number, in the range of long. */
  public long longInteger() {
    long value = require(Long.class, "a whole number");
    if (type == GgufType.UINT64 && value < 0) {
      throw wrong("a whole number below 2^63");
    }
    return value;
  }

  /** The number, whole or not. */
  public double number() {
    return content instanceof Long ? longInteger() : require(Double.class, "a number");
  }

  /** True or false. */
  public boolean bool() {
    return require(Boolean.class, "true or false");
  }

  /** The array's strings. */
  public List<String> texts() {
    if (type != GgufType.STRING || !(content instanceof List<?> list)) {
      throw wrong("an array of strings");
    }
    return list.stream().map(String.class::cast).toList();
  }

  /** The array's whole numbers, as signed 64 bits. */
  public long[] longIntegers() {
    return require(long[].class, "an array of whole numbers").clone();
  }

  /** The array's whole numbers, each in the range of int. */
  public int[] integers() {
    long[] longs = require(long[].class, "an array of whole numbers");
    int[] values = new int[longs.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (int) longs[i];
      if (values[i] != longs[i]) {
        throw wrong("an array of whole numbers between -2^31 and 2^31 - 1");
      }
    }
    return values;
  }

  /** The array's floating-point numbers. */
  public double[] numbers() {
    return require(double[].class, "an array of floating-point numbers").clone();
  }

  /** The array's truth values. */
  public boolean[] bools() {
    return require(boolean[].class, "an array of true and false").clone();
  }

  /** The array's arrays. */
  public List<GgufValue> items() {
    if (type != GgufType.ARRAY || !(content instanceof List<?> list)) {
      throw wrong("an array of arrays");
    }
    return list.stream().map(GgufValue.class::cast).toList();
  }

  /** Where this value stands, "model.gguf: llama.block_count", for errors of the caller. */
  public String where() {
    return where;
  }

  /** The value for people, long ones shortened, or "absent". */
  @Override
  public String toString() {
    if (!present()) {
      return "absent";
    }
    String text =
        isArray()
            ? "an array of " + type
            : type == GgufType.UINT64
                ? Long.toUnsignedString((Long) content)
                : String.valueOf(content);
    return text.length() > 80 ? text.substring(0, 80) + "..." : text;
  }

  private <T> T require(Class<T> kind, String wanted) {
    if (!kind.isInstance(content)) {
      throw wrong(wanted);
    }
    return kind.cast(content);
  }

  private FormatException wrong(String wanted) {
    return new FormatException(where + " must be " + wanted + ", was " + this);
  }
}
