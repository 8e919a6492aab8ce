package io.kerf.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDManager;
import io.kerf.tensor.Tensor;
import java.util.List;

/**
 * An array (rows, E) that the page reads, of which several rows are one vector (E) that learns.
 *
 * @param effective the array, a leaf of autograd's
 * @param gradient what arrives there
 */
record Composed(
    Script script, PtNDManager memory, NDArray effective, NDArray gradient, List<Link> links)
    implements Form {
  /**
   * Rows that are one vector.
   *
   * @param tensor the host's; may be null for what is constant
   * @param first row
   * @param count of rows
   * @param offset that is added to the vector
   */
  record Run(Tensor tensor, int first, int count, double offset) {}

  /** A run and what learns for it. */
  record Link(Master master, Run run) {}

  @Override
  public void renew(long steps) {
    for (Link link : links) {
      Run run = link.run();
      script.run(
          "put_rows", effective, link.master().value(), run.first(), run.count(), run.offset());
    }
  }

  @Override
  public void pull(long steps) {
    for (Link link : links) {
      Run run = link.run();
      script.run("sum_rows", link.master().gradient(), gradient, run.first(), run.count());
    }
  }
}
