package io.kerf.model;

import io.kerf.tensor.Encoding;

/** The floating-point numbers that a saved folder may hold. */
public enum FloatType {
  FLOAT32(Encoding.F32),
  /** Half precision: 11 significant bits, up to 65504. */
  FLOAT16(Encoding.F16),
  /** The upper half of a float32: 8 significant bits, its whole range. */
  BFLOAT16(Encoding.BF16);

  private final Encoding encoding;

  FloatType(Encoding encoding) {
    this.encoding = encoding;
  }

  Encoding encoding() {
    return encoding;
  }

  /** Hugging Face's name: "float16". */
  public String label() {
    return encoding.label();
  }
}
