package io.kerf.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.kerf.engine.WeightChange.Factors;
import io.kerf.tensor.Tensor;

/** Rows of a frozen weight times factors that learn: its zeros stay zeros. */
record Factored(
    Script script,
    NDArray base,
    NDArray whole,
    NDArray arriving,
    Master a,
    Master b,
    double scale,
    int first)
    implements Form {
  /**
   * Makes it, and what learns.
   *
   * @param base (out, in), of which the part's rows begin at {@code first}
   * @param whole what is computed with
   * @param arriving the gradient of that
   */
  static Factored of(
      Masters masters,
      Tensor part,
      Factors factors,
      NDArray base,
      NDArray whole,
      NDArray arriving,
      int first) {
    int rows = part.shape().rows();
    int columns = part.shape().columns();
    String weight = masters.place(part).name();
    if (rows % factors.rank() != 0) {
      throw new IllegalArgumentException(
          weight
              + ": "
              + rows
              + " rows are not a multiple of the factors' rank "
              + factors.rank()
              + "; choose a rank that divides them");
    }
    if (factors.a().length != (long) factors.rank() * columns
        || factors.b() != null && factors.b().length != rows) {
      throw new IllegalArgumentException(
          weight
              + ": factors of rank "
              + factors.rank()
              + " need "
              + (long) factors.rank() * columns
              + " and "
              + rows
              + " numbers to begin with, got "
              + factors.a().length
              + " and "
              + (factors.b() == null ? 0 : factors.b().length));
    }
    float[] b = factors.b() == null ? new float[rows] : factors.b();
    String name = weight.replaceFirst("\\.weight$", "");
    Shape shapeA = new Shape(factors.rank(), columns);
    Master a = masters.added(name + ".spp_a", masters.memory().create(factors.a(), shapeA));
    Master learnedB =
        masters.added(name + ".spp_b", masters.memory().create(b, new Shape(rows, 1)));
    masters.merged(part, whole, first);
    return new Factored(
        masters.script(), base, whole, arriving, a, learnedB, factors.scale(), first);
  }

  @Override
  public void renew(long steps) {
    script.run("factor_rows", whole, base, a.value(), b.value(), scale, first);
  }

  @Override
  public void pull(long steps) {
    script.run(
        "pull_factors",
        arriving,
        base,
        a.value(),
        b.value(),
        a.gradient(),
        b.gradient(),
        scale,
        first);
  }
}
