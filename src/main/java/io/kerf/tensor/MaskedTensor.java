package io.kerf.tensor;

import java.util.Objects;

/**
 * A pruned tensor: another one, shared and unchanged, under one bit for each element. What the mask
 * does not keep reads as zero.
 *
 * <p>Many pruned variants of a model therefore cost an eighth of a byte an element each, whatever
 * the weights' own encoding.
 */
public final class MaskedTensor implements Tensor {
  private final Tensor base;
  private final BitMask mask;
  private volatile long zeros = -1; // not counted yet

  private MaskedTensor(Tensor base, BitMask mask) {
    if (mask.length() != base.shape().elements()) {
      throw new IllegalArgumentException(
          "a mask of "
              + mask.length()
              + " elements does not fit a tensor of "
              + base.shape()
              + ", which has "
              + base.shape().elements());
    }
    this.base = base;
    this.mask = mask;
  }

  /**
   * The base where the mask keeps it, zero elsewhere. A mask over a masked tensor becomes one mask.
   */
  public static MaskedTensor of(Tensor base, BitMask mask) {
    return base instanceof MaskedTensor masked
        ? new MaskedTensor(masked.base, masked.mask.and(mask))
        : new MaskedTensor(base, mask);
  }

  /** What is under the mask. */
  public Tensor base() {
    return base;
  }

  public BitMask mask() {
    return mask;
  }

  @Override
  public Shape shape() {
    return base.shape();
  }

  /** "float32 masked". */
  @Override
  public String encoding() {
    return base.encoding() + " masked";
  }

  @Override
  public Encoding plainEncoding() {
    return base.plainEncoding();
  }

  /**
   * The bytes of a bitmap encoding: the kept values in the base's encoding and one bit for every
   * element. (In memory the base is shared and only the bits are this tensor's own.)
   */
  @Override
  public long sizeBytes() {
    long bitmapBytes = (mask.length() + 7) / 8;
    if (base instanceof QuantizedTensor quantized) {
      // a removed code is not stored, but its group's scale is
      return bitmapBytes
          + quantized.parameterBytes()
          + (mask.kept() * quantized.format().bits() + 7) / 8;
    }
    return bitmapBytes + (long) Math.ceil(base.bitsPerElement() * mask.kept() / 8);
  }

  /** The removed elements and those that were zero before. */
  @Override
  public long zeros() {
    if (zeros < 0) {
      // where the base has no zero, as trained weights mostly have not, counting bits is enough
      zeros = base.zeros() == 0 ? mask.length() - mask.kept() : Zeros.count(this);
    }
    return zeros;
  }

  @Override
  public void read(long from, float[] into, int at, int count) {
    Objects.checkFromIndexSize(from, count, mask.length());
    base.read(from, into, at, count);
    mask.clear(from, into, at, count);
  }
}
