package io.kerf.model;

import io.kerf.tensor.Encoding;

/** What the matrices of a GGUF file are written as; norms and biases are float32 in all. */
public enum GgufEncoding {
  F32(Encoding.F32, 0),
  F16(Encoding.F16, 1),
  /** Blocks of 32 whole numbers of 8 bits and a scale. */
  Q8_0(Encoding.Q8_0, 7),
  /** Blocks of 32 whole numbers of 4 bits and a scale; the head is written as Q8_0. */
  Q4_0(Encoding.Q4_0, 2),
  /** The same with a minimum; the head is written as Q8_0. */
  Q4_1(Encoding.Q4_1, 3);

  private final Encoding encoding;
  private final int fileType;

  GgufEncoding(Encoding encoding, int fileType) {
    this.encoding = encoding;
    this.fileType = fileType;
  }

  Encoding matrices() {
    return encoding;
  }

  /** As llama.cpp does: four bits cost the vocabulary more than they save. */
  Encoding head() {
    return this == Q4_0 || this == Q4_1 ? Encoding.Q8_0 : encoding;
  }

  /** GGUF's {@code general.file_type}. */
  int fileType() {
    return fileType;
  }
}
