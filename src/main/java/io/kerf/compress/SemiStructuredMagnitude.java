package io.kerf.compress;

import io.kerf.model.Model;
import io.kerf.tensor.BitMask;
import io.kerf.tensor.MaskedTensor;
import io.kerf.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * N:M magnitude pruning (arXiv 2104.08378): of every M consecutive weights of an output row the N
 * largest by absolute value stay. Of equal magnitudes the one that comes first goes first.
 *
 * @param kept N, in [1, M)
 * @param of M, which must divide the columns of every matrix in scope
 * @param scopes which matrices are pruned
 */
public record SemiStructuredMagnitude(int kept, int of, List<Scope> scopes) implements Pruning {
  public SemiStructuredMagnitude {
    if (kept < 1 || kept >= of) {
      throw new IllegalArgumentException(
          "N:M keeps N of every M weights and needs 1 <= N < M, was "
              + kept
              + ":"
              + of
              + "; 2:4 keeps 2 of every 4");
    }
    scopes = Scope.distinct(scopes);
  }

  /** Keeps so many of every so many consecutive weights, in all linear layers of the blocks. */
  public static SemiStructuredMagnitude of(int kept, int of) {
    return new SemiStructuredMagnitude(kept, of, List.of(Scope.ALL));
  }

  /** The same in other matrices. */
  public SemiStructuredMagnitude in(Scope... scopes) {
    return new SemiStructuredMagnitude(kept, of, List.of(scopes));
  }

  /** "magnitude 2:4 ffn". */
  @Override
  public String label() {
    return "magnitude " + pattern() + Scope.suffix(scopes);
  }

  private String pattern() {
    return kept + ":" + of;
  }

  @Override
  public Model apply(Model model) {
    Edit edit = Edit.of(model, scopes);
    for (Site site : edit.sites()) {
      requireMultiple(edit.weight(site), edit.name(site));
    }
    for (Site site : edit.sites()) {
      Tensor weight = edit.weight(site);
      edit.replace(site, MaskedTensor.of(weight, mask(weight)));
    }
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("method", "magnitude");
    settings.put("requested pattern", pattern());
    return edit.publish(label(), settings);
  }

  private void requireMultiple(Tensor weight, String name) {
    int columns = weight.shape().columns();
    if (columns % of != 0) {
      throw new IllegalArgumentException(
          name
              + ": "
              + columns
              + " columns is not a multiple of "
              + of
              + ", as "
              + pattern()
              + " needs; "
              + Divisors.suggest(columns, of, "a scope without this matrix"));
    }
  }

  /**
   * What is kept of a matrix, whatever model it stands in.
   *
   * @param weight (out, in), in a multiple of M
   */
  public BitMask mask(Tensor weight) {
    requireMultiple(weight, "matrix of " + weight.shape());
    long[] words = new long[BitMask.words(weight.shape().elements())];
    int[] magnitudes = new int[of];
    int[] smaller = new int[of];
    Runs.of(
        weight,
        (values, count, first) -> {
          for (int group = 0; group < count; group += of) {
            for (int i = 0; i < of; i++) {
              magnitudes[i] = SmallestMagnitudes.magnitude(values[group + i]);
            }
            rank(magnitudes, smaller);
            for (int i = 0; i < of; i++) {
              long bit = first + group + i;
              words[(int) (bit >>> 6)] |= (smaller[i] >= of - kept ? 1L : 0L) << bit;
            }
          }
        });
    return BitMask.wrap(weight.shape().elements(), words);
  }

  /** How many of a group a stable ascending sort would put before each one. */
  private static void rank(int[] magnitudes, int[] smaller) {
    Arrays.fill(smaller, 0);
    for (int later = 1; later < magnitudes.length; later++) {
      for (int earlier = 0; earlier < later; earlier++) {
        // 1 if the later one is smaller: the sign of a difference that cannot overflow
        int swapped = magnitudes[later] - magnitudes[earlier] >>> 31;
        smaller[earlier] += swapped;
        smaller[later] += 1 - swapped;
      }
    }
  }
}
