package io.kerf.onnx;

import io.kerf.tensor.BitMask;
import io.kerf.tensor.IntegerFormat.Scheme;
import io.kerf.tensor.MaskedTensor;
import io.kerf.tensor.QuantizedTensor;
import io.kerf.tensor.Tensor;
import java.io.IOException;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/**
 * A quantized matrix, codes and all, as ONNX holds integers: of 4 or 8 bits, signed where the
 * scheme's codes are.
 *
 * @param tensor the codes
 * @param mask what pruning kept of them, or null; what it did not keep has its group's zero point
 */
record Codes(QuantizedTensor tensor, BitMask mask) {
  private static final int TILE_ROWS = 64; // of a transpose: a cache line of bytes

  /** The codes of a tensor that holds some. */
  static Optional<Codes> of(Tensor tensor) {
    if (tensor instanceof QuantizedTensor codes) {
      return Optional.of(new Codes(codes, null));
    }
    return tensor instanceof MaskedTensor masked && masked.base() instanceof QuantizedTensor codes
        ? Optional.of(new Codes(codes, masked.mask()))
        : Optional.empty();
  }

  /**
   * The type that holds these codes.
   *
   * @throws IllegalArgumentException if ONNX has none of so many bits
   */
  ElementType type(String name) {
    boolean signed = tensor.format().scheme() == Scheme.SYMMETRIC;
    return switch (tensor.format().bits()) {
      case 4 -> signed ? ElementType.INT4 : ElementType.UINT4;
      case 8 -> signed ? ElementType.INT8 : ElementType.UINT8;
      default ->
          throw new IllegalArgumentException(
              name
                  + " is "
                  + tensor.encoding()
                  + ", and ONNX has integers of 4 and of 8 bits; quantize with bits(4) or bits(8),"
                  + " or save the values that the codes stand for with onnx().float32()");
    };
  }

  /** Whether a code other than the middle of the range may stand for 0. */
  boolean hasZeros() {
    return tensor.format().scheme() != Scheme.SYMMETRIC;
  }

  int rows() {
    return tensor.shape().rows();
  }

  int columns() {
    return tensor.shape().columns();
  }

  int groupsPerRow() {
    return tensor.format().groupsPerRow(columns());
  }

  private int code(int row, int column) {
    long element = (long) row * columns() + column;
    if (mask != null && !mask.keeps(element)) {
      return tensor.zero(group(row, column));
    }
    return tensor.code(element);
  }

  private int group(int row, int column) {
    return tensor.groups() == 1
        ? 0
        : row * groupsPerRow() + column / tensor.format().groupColumns(columns());
  }

  /** Writes the codes (out, in). */
  void write(Sink out) throws IOException {
    Packer packer = new Packer(out, tensor.format().bits());
    for (int row = 0; row < rows(); row++) {
      for (int column = 0; column < columns(); column++) {
        packer.add(code(row, column));
      }
    }
    packer.end();
  }

  /** Writes the codes (in, out). */
  void writeTransposed(Sink out) throws IOException {
    Packer packer = new Packer(out, tensor.format().bits());
    byte[] tile = new byte[TILE_ROWS * rows()]; // (columns of the matrix, rows of it)
    for (int first = 0; first < columns(); first += TILE_ROWS) {
      int width = Math.min(TILE_ROWS, columns() - first);
      for (int row = 0; row < rows(); row++) {
        for (int c = 0; c < width; c++) {
          tile[c * rows() + row] = (byte) code(row, first + c);
        }
      }
      for (int i = 0; i < width * rows(); i++) {
        packer.add(tile[i]);
      }
    }
    packer.end();
  }

  /** Writes the zero points of all groups, (out, groups) or one. */
  void writeZeros(Sink out) throws IOException {
    writeZeros(out, IntUnaryOperator.identity());
  }

  /** Writes the zero points of all groups, (groups, out) or one. */
  void writeZerosTransposed(Sink out) throws IOException {
    writeZeros(out, transposed());
  }

  private void writeZeros(Sink out, IntUnaryOperator order) throws IOException {
    Packer packer = new Packer(out, tensor.format().bits());
    for (int i = 0; i < tensor.groups(); i++) {
      packer.add(tensor.zero(order.applyAsInt(i)));
    }
    packer.end();
  }

  /** Writes the scales of all groups, (out, groups) or one. */
  void writeScales(Sink out) throws IOException {
    writeScales(out, IntUnaryOperator.identity());
  }

  /** Writes the scales of all groups, (groups, out) or one. */
  void writeScalesTransposed(Sink out) throws IOException {
    writeScales(out, transposed());
  }

  private void writeScales(Sink out, IntUnaryOperator order) throws IOException {
    float[] scales = new float[tensor.groups()];
    for (int i = 0; i < scales.length; i++) {
      scales[i] = tensor.scale(order.applyAsInt(i));
    }
    out.floats(scales, scales.length);
  }

  /** Which group comes i-th where those of all rows with one place stand together. */
  private IntUnaryOperator transposed() {
    return i -> tensor.groups() == 1 ? 0 : i % rows() * groupsPerRow() + i / rows();
  }

  /** Integers of 4 or 8 bits one after another; of two in a byte the first is the lower. */
  private static final class Packer {
    private final Sink out;
    private final boolean pairs;
    private final byte[] run = new byte[1 << 13];
    private int count;
    private int lower = -1; // of a pair whose upper half is still to come

    Packer(Sink out, int bits) {
      this.out = out;
      this.pairs = bits == 4;
    }

    void add(int code) throws IOException {
      if (!pairs) {
        put(code);
      } else if (lower < 0) {
        lower = code & 15;
      } else {
        put(lower | code << 4);
        lower = -1;
      }
    }

    private void put(int value) throws IOException {
      if (count == run.length) {
        out.bytes(run, count);
        count = 0;
      }
      run[count++] = (byte) value;
    }

    void end() throws IOException {
      if (lower >= 0) {
        put(lower);
      }
      out.bytes(run, count);
    }
  }
}
