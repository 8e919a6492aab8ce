package io.kerf.bench;

import io.kerf.engine.WeightFormat;

/** Something that a processor cannot do faster. */
enum Limit {
  FLOAT32("float32"),
  BFLOAT16("bfloat16"),
  INT8("int8"),
  MEMORY("memory");

  private final String label;

  Limit(String label) {
    this.label = label;
  }

  /** Its name, as {@code limits.c} knows it. */
  String label() {
    return label;
  }

  /** The arithmetic that a weight format multiplies in. */
  static Limit of(WeightFormat format) {
    return switch (format) {
      case FLOAT32, FLOAT32_PACKED -> FLOAT32;
      case BFLOAT16, INT4_GROUP -> BFLOAT16;
      case INT8_DYNAMIC -> INT8;
    };
  }
}
