package io.kerf.tensor;

import io.kerf.tensor.IntegerFormat.Granularity;
import io.kerf.tensor.IntegerFormat.Scheme;
import java.util.Objects;

/**
 * A matrix held as integer codes, a scale for each group and, where the scheme is asymmetric, a
 * zero point for each group. A value is (code - zero) x scale, in float32.
 *
 * <p>Codes lie in one stream of bits, lowest bit first, rows one after another without padding.
 */
public final class QuantizedTensor implements Tensor {
  private final Shape shape;
  private final IntegerFormat format;
  private final Execution execution;
  private final byte[] codes; // code - lowest code, packed; one spare byte at the end
  private final float[] scales; // (rows, groups per row), or one
  private final byte[] zeros; // unsigned, as many as scales; null unless asymmetric
  private volatile long zeroElements = -1; // not counted yet

  private QuantizedTensor(
      Shape shape,
      IntegerFormat format,
      Execution execution,
      byte[] codes,
      float[] scales,
      byte[] zeros) {
    this.shape = shape;
    this.format = format;
    this.execution = execution;
    this.codes = codes;
    this.scales = scales;
    this.zeros = zeros;
  }

  /**
   * A matrix of these codes, which are packed; scales and zeros are taken over.
   *
   * @param format what the codes mean
   * @param shape (out, in)
   * @param offsets of the codes from the format's lowest one, unsigned bytes, row-major
   * @param scales (rows, groups per row) row-major, or one for the whole tensor
   * @param zeros unsigned zero points, one for each scale; null unless the scheme is asymmetric
   */
  public static QuantizedTensor pack(
      IntegerFormat format, Shape shape, byte[] offsets, float[] scales, byte[] zeros) {
    int groups = format.groups(shape);
    boolean zerosFit =
        format.scheme() == Scheme.ASYMMETRIC
            ? zeros != null && zeros.length == groups
            : zeros == null;
    if (offsets.length != shape.elements() || scales.length != groups || !zerosFit) {
      throw new IllegalArgumentException(
          format.label()
              + " of "
              + shape
              + " needs "
              + shape.elements()
              + " codes and "
              + groups
              + " scales, got "
              + offsets.length
              + " and "
              + scales.length
              + (zerosFit ? "" : "; zero points go with the asymmetric scheme alone"));
    }
    return new QuantizedTensor(
        shape, format, Execution.WEIGHT_ONLY, pack(offsets, format.bits()), scales, zeros);
  }

  private static byte[] pack(byte[] offsets, int bits) {
    byte[] packed = new byte[Math.toIntExact(((long) offsets.length * bits + 7) / 8 + 1)];
    long bit = 0;
    for (byte offset : offsets) {
      int at = (int) (bit >>> 3);
      int shifted = (offset & 0xff) << (bit & 7);
      packed[at] |= (byte) shifted;
      packed[at + 1] |= (byte) (shifted >>> 8);
      bit += bits;
    }
    return packed;
  }

  /** The same matrix, to be run in that way. */
  public QuantizedTensor withExecution(Execution execution) {
    return new QuantizedTensor(shape, format, execution, codes, scales, zeros);
  }

  @Override
  public Shape shape() {
    return shape;
  }

  public IntegerFormat format() {
    return format;
  }

  /** How a layer with this weight is to be computed. */
  public Execution execution() {
    return execution;
  }

  /** "int4 asym group 64", "int8 sym channel dynamic". */
  @Override
  public String encoding() {
    return format.label() + (execution == Execution.DYNAMIC_INT8 ? " dynamic" : "");
  }

  /** Packed codes, 4 bytes a scale, 1 byte a zero point. */
  @Override
  public long sizeBytes() {
    return (shape.elements() * format.bits() + 7) / 8 + parameterBytes();
  }

  /** The bytes of scales and zero points. */
  long parameterBytes() {
    return 4L * scales.length + (zeros == null ? 0 : zeros.length);
  }

  /** The code of an element, in [lowest, highest] of the format. */
  public int code(long element) {
    Objects.checkIndex(element, shape.elements());
    return offset(element * format.bits()) + format.lowestCode();
  }

  /** How many groups have a scale. */
  public int groups() {
    return scales.length;
  }

  /** The scale of a group; groups are (rows, groups per row) row-major. */
  public float scale(int group) {
    return scales[group];
  }

  /** The zero point of a group: the code that stands for 0. */
  public int zero(int group) {
    return zeroOffset(group) + format.lowestCode();
  }

  private int offset(long bit) {
    int at = (int) (bit >>> 3);
    int window = codes[at] & 0xff | (codes[at + 1] & 0xff) << 8;
    return window >>> (bit & 7) & (1 << format.bits()) - 1;
  }

  private int zeroOffset(int group) {
    return zeros == null ? 1 << format.bits() - 1 : zeros[group] & 0xff;
  }

  @Override
  public long zeros() {
    if (zeroElements < 0) {
      zeroElements = Zeros.count(this);
    }
    return zeroElements;
  }

  @Override
  public void read(long from, float[] into, int at, int count) {
    Objects.checkFromIndexSize(from, count, shape.elements());
    int columns = shape.columns();
    int groupColumns = format.groupColumns(columns);
    boolean oneScale = format.granularity() == Granularity.TENSOR;
    for (int done = 0; done < count; ) {
      long row = (from + done) / columns;
      int column = (int) ((from + done) % columns);
      int inRow = column / groupColumns;
      int run = Math.min(Math.min((inRow + 1) * groupColumns, columns) - column, count - done);
      int group = oneScale ? 0 : (int) (row * format.groupsPerRow(columns) + inRow);
      decode(from + done, into, at + done, run, group);
      done += run;
    }
  }

  private void decode(long from, float[] into, int at, int count, int group) {
    float scale = scales[group];
    int zero = zeroOffset(group);
    int bits = format.bits();
    long bit = from * bits;
    for (int i = 0; i < count; i++, bit += bits) {
      into[at + i] = (offset(bit) - zero) * scale;
    }
  }
}
