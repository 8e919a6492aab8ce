package io.kerf.compress;

import io.kerf.tensor.IntegerFormat;
import io.kerf.tensor.IntegerFormat.Granularity;
import io.kerf.tensor.IntegerFormat.Scheme;
import io.kerf.tensor.QuantizedTensor;
import io.kerf.tensor.Shape;
import io.kerf.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** A matrix on its way to integer codes: ranges first, then every weight to its nearest code. */
final class Rounding {
  private final IntegerFormat format;
  private final byte[] offsets; // of the codes from the lowest one, (out, in)
  private final float[] scales;
  private final byte[] zeros; // null unless asymmetric

  private Rounding(IntegerFormat format, Shape shape) {
    this.format = format;
    this.offsets = new byte[Math.toIntExact(shape.elements())];
    this.scales = new float[format.groups(shape)];
    this.zeros = format.scheme() == Scheme.ASYMMETRIC ? new byte[scales.length] : null;
  }

  /**
   * Rounds a matrix.
   *
   * @param weight (out, in)
   * @param name of the matrix, for errors
   * @throws IllegalArgumentException if a weight is not finite
   */
  static QuantizedTensor of(Tensor weight, IntegerFormat format, String name) {
    return of(List.of(weight), format, part -> name).get(0);
  }

  /**
   * Rounds a matrix that lies in parts.
   *
   * @param parts each (out, in), one below the other
   * @param name of a part, for errors
   * @throws IllegalArgumentException if a weight is not finite
   */
  static List<QuantizedTensor> of(
      List<Tensor> parts, IntegerFormat format, IntFunction<String> name) {
    float[] range = {0, 0}; // every scheme's range takes in 0
    if (format.granularity() == Granularity.TENSOR) {
      parts.forEach(part -> widen(range, part));
    }
    List<QuantizedTensor> rounded = new ArrayList<>();
    for (int part = 0; part < parts.size(); part++) {
      Tensor weight = parts.get(part);
      Rounding rounding = new Rounding(format, weight.shape());
      try {
        if (format.granularity() == Granularity.TENSOR) {
          rounding.roundTogether(weight, range);
        } else {
          rounding.roundByGroups(weight);
        }
      } catch (NotFinite e) {
        throw new IllegalArgumentException(
            name.apply(part)
                + ": a weight is infinite or not a number; quantization needs finite weights");
      }
      rounded.add(
          QuantizedTensor.pack(
              format, weight.shape(), rounding.offsets, rounding.scales, rounding.zeros));
    }
    return rounded;
  }

  private static void widen(float[] range, Tensor weight) {
    Runs.of(
        weight,
        (values, count, first) -> {
          range[0] = smallest(values, 0, count, range[0]);
          range[1] = largest(values, 0, count, range[1]);
        });
  }

  private void roundTogether(Tensor weight, float[] range) {
    setScale(0, range[0], range[1]);
    Runs.of(weight, (values, count, first) -> round(values, 0, count, (int) first, 0));
  }

  private void roundByGroups(Tensor weight) {
    int columns = weight.shape().columns();
    int groupColumns = format.groupColumns(columns);
    int groupsPerRow = format.groupsPerRow(columns);
    Runs.of(
        weight,
        (values, count, first) -> {
          for (int row = 0; row < count; row += columns) {
            int group = (int) ((first + row) / columns) * groupsPerRow;
            for (int column = 0; column < columns; column += groupColumns) {
              int from = row + column;
              int to = row + Math.min(column + groupColumns, columns);
              setScale(group, smallest(values, from, to, 0), largest(values, from, to, 0));
              round(values, from, to, (int) first + from, group++);
            }
          }
        });
  }

  private static float smallest(float[] values, int from, int to, float least) {
    for (int i = from; i < to; i++) {
      least = Math.min(least, values[i]); // NaN stays NaN
    }
    return least;
  }

  private static float largest(float[] values, int from, int to, float most) {
    for (int i = from; i < to; i++) {
      most = Math.max(most, values[i]);
    }
    return most;
  }

  /** Scale and zero point of a group whose values, and 0, lie in [low, high]. */
  private void setScale(int group, float low, float high) {
    if (!(high - low < Float.POSITIVE_INFINITY)) {
      throw new NotFinite();
    }
    float absmax = Math.max(-low, high);
    int levels = (1 << format.bits()) - 1;
    float scale =
        switch (format.scheme()) {
          case SYMMETRIC -> absmax / format.highestCode();
          case SYMMETRIC_FULL_RANGE -> 2 * absmax / levels;
          case ASYMMETRIC -> (high - low) / levels;
        };
    scales[group] = absmax == 0 ? 1 : scale;
    if (zeros != null) {
      zeros[group] = (byte) (int) Math.rint(-low / scales[group]);
    }
  }

  /** Rounds a run of one group. */
  private void round(float[] values, int from, int to, int at, int group) {
    float scale = scales[group];
    int zero = zeros == null ? 1 << format.bits() - 1 : zeros[group] & 0xff;
    int highest = (1 << format.bits()) - 1;
    for (int i = from; i < to; i++) {
      // divided, not multiplied by the inverse: the quotient decides ties
      int offset = (int) Math.rint(values[i] / scale) + zero;
      offsets[at + i - from] = (byte) Math.max(0, Math.min(highest, offset));
    }
  }

  /** A weight cannot be rounded. */
  private static final class NotFinite extends RuntimeException {
    NotFinite() {
      super(null, null, false, false);
    }
  }
}
