package io.kerf.onnx;

/** The element types that graphs of ours have, by ONNX's numbers (TensorProto.DataType). */
enum ElementType {
  FLOAT32(1, 32),
  UINT8(2, 8),
  INT8(3, 8),
  INT64(7, 64),
  BOOL(9, 8),
  UINT4(21, 4),
  INT4(22, 4);

  private final int number;
  private final int bits;

  ElementType(int number, int bits) {
    this.number = number;
    this.bits = bits;
  }

  int number() {
    return number;
  }

  int bits() {
    return bits;
  }

  /** How many bytes so many elements take; 4-bit ones lie in pairs, the first one lower. */
  long sizeBytes(long elements) {
    return (Math.multiplyExact(elements, (long) bits) + 7) / 8;
  }
}
