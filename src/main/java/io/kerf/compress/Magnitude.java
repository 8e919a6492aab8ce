package io.kerf.compress;

import io.kerf.model.Model;
import io.kerf.tensor.BitMask;
import io.kerf.tensor.MaskedTensor;
import io.kerf.tensor.Shape;
import io.kerf.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Magnitude pruning: of every comparison group the floor(sparsity x n) weights of smallest absolute
 * value become zero.
 *
 * <p>Of equal magnitudes the one that comes first goes first: row-major within a matrix, matrices
 * in the order of the model. Weights that are zero already count as the smallest, so pruning 30 %
 * and then 50 % gives 50 %, not 65 %.
 *
 * @param sparsity the share to remove, in [0, 1)
 * @param comparisonGroup which weights compete with each other
 * @param scopes which matrices are pruned
 */
public record Magnitude(double sparsity, ComparisonGroup comparisonGroup, List<Scope> scopes)
    implements Pruning {
  public Magnitude {
    Sparsity.check(sparsity);
    scopes = Scope.distinct(scopes);
  }

  /** Which weights compete with each other for staying. */
  public enum ComparisonGroup {
    /** All weights of the scope, as in The Cost of Compression (arXiv 2312.00960). */
    GLOBAL(""),
    /** The weights of one matrix. */
    LAYER(" per layer"),
    /** The weights of one output row of a matrix. */
    ROW(" per row");

    private final String suffix;

    ComparisonGroup(String suffix) {
      this.suffix = suffix;
    }
  }

  /** Removes that share of all linear weights in the blocks, which compete globally. */
  public static Magnitude of(double sparsity) {
    return new Magnitude(sparsity, ComparisonGroup.GLOBAL, List.of(Scope.ALL));
  }

  /** All weights of the scope compete with each other. */
  public Magnitude global() {
    return new Magnitude(sparsity, ComparisonGroup.GLOBAL, scopes);
  }

  /** The weights of each matrix compete with each other. */
  public Magnitude perLayer() {
    return new Magnitude(sparsity, ComparisonGroup.LAYER, scopes);
  }

  /** The weights of each output row compete with each other. */
  public Magnitude perRow() {
    return new Magnitude(sparsity, ComparisonGroup.ROW, scopes);
  }

  /** The same in other matrices. */
  public Magnitude in(Scope... scopes) {
    return new Magnitude(sparsity, comparisonGroup, List.of(scopes));
  }

  /** "magnitude 50% attention", "magnitude 30% per row". */
  @Override
  public String label() {
    return "magnitude " + Numbers.percent(sparsity) + Scope.suffix(scopes) + comparisonGroup.suffix;
  }

  @Override
  public Model apply(Model model) {
    Edit edit = Edit.of(model, scopes);
    if (comparisonGroup == ComparisonGroup.LAYER) {
      edit.matrices().forEach(sites -> prune(edit, sites, global()));
    } else {
      prune(edit, edit.sites(), this);
    }
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("method", "magnitude");
    settings.put("requested sparsity", Double.toString(sparsity));
    settings.put("comparison group", comparisonGroup.name().toLowerCase(Locale.ROOT));
    return edit.publish(label(), settings);
  }

  private static void prune(Edit edit, List<Site> sites, Magnitude by) {
    List<Tensor> weights = sites.stream().map(edit::weight).toList();
    List<BitMask> masks = by.masks(weights);
    for (int i = 0; i < masks.size(); i++) {
      BitMask mask = masks.get(i);
      if (mask.kept() < mask.length()) {
        edit.replace(sites.get(i), MaskedTensor.of(weights.get(i), mask));
      }
    }
  }

  /**
   * What is kept of these matrices, whatever model they stand in.
   *
   * @param weights each (out, in), in the order in which they compete
   * @return a mask for each
   */
  public List<BitMask> masks(List<? extends Tensor> weights) {
    return switch (comparisonGroup) {
      case GLOBAL -> globalMasks(weights);
      case LAYER -> weights.stream().flatMap(w -> globalMasks(List.of(w)).stream()).toList();
      case ROW -> weights.stream().map(this::rowMask).toList();
    };
  }

  private List<BitMask> globalMasks(List<? extends Tensor> weights) {
    long elements = weights.stream().mapToLong(w -> w.shape().elements()).sum();
    long removed = Sparsity.removed(sparsity, elements);
    SmallestMagnitudes smallest = new SmallestMagnitudes();
    smallest.start(removed);
    for (int pass = 0; removed > 0 && pass < SmallestMagnitudes.PASSES; pass++) {
      for (Tensor weight : weights) {
        Runs.of(weight, (values, count, first) -> smallest.count(values, 0, count));
      }
      smallest.endPass();
    }
    SmallestMagnitudes.Cut cut = smallest.cut();
    return weights.stream().map(weight -> mask(weight, cut)).toList();
  }

  private static BitMask mask(Tensor weight, SmallestMagnitudes.Cut cut) {
    long[] words = new long[BitMask.words(weight.shape().elements())];
    Runs.of(weight, (values, count, first) -> cut.keep(values, 0, count, words, first));
    return BitMask.wrap(weight.shape().elements(), words);
  }

  private BitMask rowMask(Tensor weight) {
    Shape shape = weight.shape();
    int columns = shape.columns();
    long removed = Sparsity.removed(sparsity, columns);
    long[] words = new long[BitMask.words(shape.elements())];
    SmallestMagnitudes smallest = new SmallestMagnitudes();
    Runs.of(
        weight,
        (values, count, first) -> {
          for (int row = 0; row < count; row += columns) {
            smallest
                .cut(values, row, row + columns, removed)
                .keep(values, row, row + columns, words, first + row);
          }
        });
    return BitMask.wrap(shape.elements(), words);
  }
}
