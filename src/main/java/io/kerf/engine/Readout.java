package io.kerf.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDManager;

/**
 * Hidden states that wait for the head: their logits come a few rows at a time, so that those of a
 * whole text never stand in memory together. It owns native memory; close it before its session.
 */
public final class Readout implements AutoCloseable {
  private final PtNDManager scratch;
  private final Head head;
  private final NDArray hidden; // (R, D)
  private final int rows;

  Readout(PtNDManager scratch, Head head, NDArray hidden) {
    this.scratch = scratch;
    this.head = head;
    this.hidden = hidden;
    this.rows = (int) hidden.getShape().get(0);
  }

  /** Computes hidden states in memory that the readout owns from then on. */
  static Readout of(PtNDManager scratch, Head head, Forward forward) {
    try {
      return new Readout(scratch, head, forward.in(scratch));
    } catch (RuntimeException e) {
      scratch.close();
      throw e;
    }
  }

  /** What computes the hidden states that the head reads. */
  interface Forward {
    NDArray in(PtNDManager scratch);
  }

  /** R, how many positions are read. */
  public int rows() {
    return rows;
  }

  /** The logits of so many positions from that one on: {@code count} rows of V. */
  public float[][] logits(int from, int count) {
    if (from < 0 || count < 1 || from + count > rows) {
      throw new IllegalArgumentException(
          "rows must be in [0, " + rows + "), were " + from + " to " + (from + count - 1));
    }
    try (NDArray part = head.rows(scratch, hidden, from, count)) {
      return head.logits(scratch, part);
    }
  }

  @Override
  public void close() {
    scratch.close();
  }
}
