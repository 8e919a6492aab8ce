package io.kerf.tensor;

import java.util.Objects;

/**
 * A matrix with an adapter: another one, shared and unchanged, and a {@link LowRank} that is added
 * to it whenever it is read: W + s B A, in float32.
 *
 * <p>Whatever the base is held in, the sum is float32: where a cut marked the base as dynamic int8,
 * a layer with an adapter is computed in floating point.
 */
public final class AdaptedTensor implements Tensor {
  private final Tensor base;
  private final LowRank update;
  private volatile long zeros = -1; // not counted yet

  private AdaptedTensor(Tensor base, LowRank update) {
    this.base = base;
    this.update = update;
  }

  /**
   * The base with that change.
   *
   * @throws IllegalArgumentException if the shapes differ
   */
  public static AdaptedTensor of(Tensor base, LowRank update) {
    if (!base.shape().equals(update.shape())) {
      throw new IllegalArgumentException(
          "a change of " + update.shape() + " does not fit a tensor of " + base.shape());
    }
    return new AdaptedTensor(base, update);
  }

  /** What is changed. */
  public Tensor base() {
    return base;
  }

  public LowRank update() {
    return update;
  }

  @Override
  public Shape shape() {
    return base.shape();
  }

  /** "float32 + rank 8". */
  @Override
  public String encoding() {
    return base.encoding() + " + rank " + update.rank();
  }

  /** The base's bytes and those of A and B. */
  @Override
  public long sizeBytes() {
    return base.sizeBytes() + update.sizeBytes();
  }

  @Override
  public long zeros() {
    if (zeros < 0) {
      zeros = Zeros.count(this);
    }
    return zeros;
  }

  @Override
  public void read(long from, float[] into, int at, int count) {
    Objects.checkFromIndexSize(from, count, shape().elements());
    base.read(from, into, at, count);
    update.addTo(from, into, at, count);
  }
}
