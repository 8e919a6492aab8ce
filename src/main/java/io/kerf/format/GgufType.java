package io.kerf.format;

/** The types of GGUF's metadata, in the order of their numbers. */
enum GgufType {
  UINT8(1),
  INT8(1),
  UINT16(2),
  INT16(2),
  UINT32(4),
  INT32(4),
  FLOAT32(4),
  BOOL(1),
  STRING(8),
  ARRAY(12),
  UINT64(8),
  INT64(8),
  FLOAT64(8);

  private static final GgufType[] BY_NUMBER = values();

  /** The fewest bytes a value takes. */
  final int leastBytes;

  GgufType(int leastBytes) {
    this.leastBytes = leastBytes;
  }

  /** The type of that number, or null. */
  static GgufType of(int number) {
    return number >= 0 && number < BY_NUMBER.length ? BY_NUMBER[number] : null;
  }

  boolean isFloat() {
    return this == FLOAT32 || this == FLOAT64;
  }
}
