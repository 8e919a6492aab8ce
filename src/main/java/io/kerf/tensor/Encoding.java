package io.kerf.tensor;

/**
 * How a file holds numbers: in blocks of so many elements and bytes, little-endian.
 *
 * <p>A plain encoding has blocks of one element. The {@code Q} encodings are GGML's: a block shares
 * its scales, and a K block's scales are quantized again.
 */
public enum Encoding {
  F64("float64", 1, 8, PlainEncodings::float64),
  F32("float32", 1, 4, PlainEncodings::float32, PlainEncodings::toFloat32),
  F16("float16", 1, 2, PlainEncodings::float16, PlainEncodings::toFloat16),
  BF16("bfloat16", 1, 2, PlainEncodings::bfloat16, PlainEncodings::toBfloat16),
  I64("int64", 1, 8, PlainEncodings::int64),
  I32("int32", 1, 4, PlainEncodings::int32),
  I16("int16", 1, 2, PlainEncodings::int16),
  I8("int8", 1, 1, PlainEncodings::int8),
  U8("uint8", 1, 1, PlainEncodings::uint8),
  BOOL("bool", 1, 1, PlainEncodings::bool),
  Q4_0("Q4_0", 32, 18, GgmlBlocks::q40, GgmlRounding::q40),
  Q4_1("Q4_1", 32, 20, GgmlBlocks::q41, GgmlRounding::q41),
  Q5_0("Q5_0", 32, 22, GgmlBlocks::q50),
  Q5_1("Q5_1", 32, 24, GgmlBlocks::q51),
  Q8_0("Q8_0", 32, 34, GgmlBlocks::q80, GgmlRounding::q80),
  Q2_K("Q2_K", 256, 84, GgmlKBlocks::q2),
  Q3_K("Q3_K", 256, 110, GgmlKBlocks::q3),
  Q4_K("Q4_K", 256, 144, GgmlKBlocks::q4),
  Q5_K("Q5_K", 256, 176, GgmlKBlocks::q5),
  Q6_K("Q6_K", 256, 210, GgmlKBlocks::q6);

  /** Turns whole blocks into float32. */
  @FunctionalInterface
  interface Decoder {
    /**
     * Decodes {@code blocks} blocks that begin at {@code bytes[from]} into {@code into[at]} and on.
     */
    void decode(byte[] bytes, int from, float[] into, int at, int blocks);
  }

  /** Turns float32 into whole blocks. */
  @FunctionalInterface
  interface Encoder {
    /**
     * Encodes {@code blocks} blocks of values that begin at {@code values[from]} into {@code
     * into[at]} and on.
     */
    void encode(float[] values, int from, byte[] into, int at, int blocks);
  }

  private final String label;
  private final int blockElements;
  private final int blockBytes;
  private final Decoder decoder;
  private final Encoder encoder; // null where we only read

  Encoding(String label, int blockElements, int blockBytes, Decoder decoder) {
    this(label, blockElements, blockBytes, decoder, null);
  }

  Encoding(String label, int blockElements, int blockBytes, Decoder decoder, Encoder encoder) {
    this.encoder = encoder;
    this.label = label;
    this.blockElements = blockElements;
    this.blockBytes = blockBytes;
    this.decoder = decoder;
  }

  /** The name that tables show: "float32", "Q4_1". */
  public String label() {
    return label;
  }

  /** How many elements share a block; 1 for plain encodings. */
  public int blockElements() {
    return blockElements;
  }

  /** How many bytes a block takes. */
  public int blockBytes() {
    return blockBytes;
  }

  /**
   * How many bytes so many elements take.
   *
   * @throws IllegalArgumentException if they do not fill whole blocks
   * @throws ArithmeticException if the size exceeds a long
   */
  public long sizeBytes(long elements) {
    if (elements % blockElements != 0) {
      throw new IllegalArgumentException(
          elements + " elements do not fill blocks of " + blockElements + " (" + label + ")");
    }
    return Math.multiplyExact(elements / blockElements, (long) blockBytes);
  }

  /**
   * Decodes whole blocks to float32.
   *
   * @param bytes holds the blocks
   * @param from index of the first block's first byte
   * @param into where the elements go
   * @param at index of the first element
   * @param blocks how many blocks
   */
  public void decode(byte[] bytes, int from, float[] into, int at, int blocks) {
    decoder.decode(bytes, from, into, at, blocks);
  }

  /** Whether {@link #encode} is there: float32, float16, bfloat16, Q4_0, Q4_1 and Q8_0. */
  public boolean encodes() {
    return encoder != null;
  }

  /**
   * Encodes float32 to whole blocks, each value to the nearest that there is. What {@link #decode}
   * gave comes back as the same bytes, but for blocks that did not use their whole range of codes.
   *
   * @param values holds the elements
   * @param from index of the first one
   * @param into where the blocks go
   * @param at index of the first block's first byte
   * @param blocks how many blocks
   * @throws ArithmeticException if a value is beyond the encoding's range
   * @throws UnsupportedOperationException if this encoding is only read
   */
  public void encode(float[] values, int from, byte[] into, int at, int blocks) {
    if (encoder == null) {
      throw new UnsupportedOperationException(label + " is read but not written");
    }
    encoder.encode(values, from, into, at, blocks);
  }
}
