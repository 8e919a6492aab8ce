package io.kerf.model;

import io.kerf.tensor.AdaptedTensor;
import io.kerf.tensor.FloatTensor;
import io.kerf.tensor.LowRank;
import io.kerf.tensor.MaskedTensor;
import io.kerf.tensor.Shape;
import io.kerf.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * A LoRA adapter (arXiv 2106.09685) as a value: what is added to some linear layers of a model.
 *
 * @param base the name of the model that it was made for; empty where nobody said
 * @param updates by layer, at least one, all of them rank-stabilized or none
 */
public record Adapter(String base, Map<AdapterTarget, LowRank> updates) {
  /** The setting by which a lineage's step says that it added an adapter. */
  static final String SETTING = "adapter";

  public Adapter {
    Objects.requireNonNull(base, "base");
    updates = Collections.unmodifiableMap(new TreeMap<>(updates));
    if (updates.isEmpty()) {
      throw new IllegalArgumentException("an adapter must change at least one layer, had none");
    }
    if (updates.values().stream().map(LowRank::rankStabilized).distinct().count() > 1) {
      throw new IllegalArgumentException(
          "an adapter's layers must be rank-stabilized all or none, were mixed");
    }
  }

  /**
   * A layer's two factors as training holds them, row-major.
   *
   * @param a (r, in)
   * @param b (out, r)
   */
  public record Factors(float[] a, float[] b) {}

  /**
   * An adapter of one rank, made for that model; the arrays are taken over.
   *
   * @param rank r, from 1 to the smaller side of the smallest layer
   * @param alpha B A is multiplied by alpha / r, or alpha / sqrt(r) if rank-stabilized
   * @throws IllegalArgumentException if the rank or an array does not fit the model's layers, or it
   *     has no such layer
   */
  public static Adapter of(
      Model base,
      int rank,
      double alpha,
      boolean rankStabilized,
      Map<AdapterTarget, Factors> factors) {
    AdapterLayers layers = AdapterLayers.of(base);
    Map<AdapterTarget, LowRank> updates = new LinkedHashMap<>();
    factors.forEach(
        (target, both) -> {
          Shape shape = layers.shape(target);
          requireRank(rank, layers.name(target), shape);
          updates.put(
              target,
              LowRank.of(
                  shape.rows(), shape.columns(), rank, alpha, rankStabilized, both.a, both.b));
        });
    return new Adapter(base.lineage().name(), updates);
  }

  /** A rank that a layer can have. */
  public static void requireRank(int rank, String layer, Shape shape) {
    if (rank < 1) {
      throw new IllegalArgumentException("rank must be at least 1, was " + rank);
    }
    int most = Math.min(shape.rows(), shape.columns());
    if (rank > most) {
      throw new IllegalArgumentException(
          layer
              + " is "
              + shape
              + ": rank must be at most its smaller side, "
              + most
              + ", was "
              + rank);
    }
  }

  /** The adapter that a model's layers have, if they have one. */
  public static Optional<Adapter> of(Model model) {
    AdapterLayers layers = AdapterLayers.of(model);
    Map<AdapterTarget, LowRank> updates = new LinkedHashMap<>();
    for (AdapterTarget target : layers.all()) {
      if (layers.parameter(target).weight() instanceof AdaptedTensor adapted) {
        updates.put(target, adapted.update());
      }
    }
    return updates.isEmpty()
        ? Optional.empty()
        : Optional.of(new Adapter(model.lineage().name(), updates));
  }

  /** The rank of most layers. */
  public int rank() {
    return most(updates.values(), LowRank::rank);
  }

  /** The alpha of most layers. */
  public double alpha() {
    return most(updates.values(), LowRank::alpha);
  }

  public boolean rankStabilized() {
    return updates.values().iterator().next().rankStabilized();
  }

  /** What most of them have; of several as frequent the smallest. */
  static <E, T extends Comparable<T>> T most(Collection<E> all, Function<E, T> what) {
    Map<T, Long> counts =
        all.stream().collect(Collectors.groupingBy(what, TreeMap::new, Collectors.counting()));
    long largest = Collections.max(counts.values());
    return counts.keySet().stream().filter(k -> counts.get(k) == largest).findFirst().orElseThrow();
  }

  /** "LoRA rank 8". */
  public String label() {
    long ranks = updates.values().stream().map(LowRank::rank).distinct().count();
    return "LoRA rank " + rank() + (ranks > 1 ? " and others" : "");
  }

  /** The model with its adapted layers; the others are shared. Its lineage has one more step. */
  public Model applyTo(Model model) {
    return applyTo(model, new Lineage.Step(label(), Map.of()));
  }

  /**
   * The same under a step of the caller's own, to which what the adapter is gets added: a training
   * says there what it did.
   *
   * @throws IllegalArgumentException if the model has no such layer, or one of another shape, or
   *     one that has an adapter already
   */
  public Model applyTo(Model model, Lineage.Step step) {
    AdapterLayers layers = AdapterLayers.of(model);
    EnumMap<Role, Parameter> shared = new EnumMap<>(model.shared());
    List<Block> blocks = new ArrayList<>(model.blocks());
    updates.forEach(
        (target, update) -> {
          Parameter parameter = layers.parameter(target);
          require(model, layers.name(target), parameter.weight(), update);
          Tensor adapted = AdaptedTensor.of(parameter.weight(), update);
          for (AdapterTarget place : layers.places(target)) {
            put(place, parameter.withWeight(adapted), shared, blocks);
          }
        });
    Map<String, String> settings = new LinkedHashMap<>(step.settings());
    settings.put(SETTING, described());
    settings.put("adapted layers", modules(layers));
    if (!isFor(base, model)) {
      settings.put("made for", base);
    }
    return model.with(shared, blocks, new Lineage.Step(step.label(), settings));
  }

  private static void put(
      AdapterTarget place, Parameter parameter, Map<Role, Parameter> shared, List<Block> blocks) {
    if (place.block() < 0) {
      shared.put(place.role(), parameter);
    } else {
      blocks.set(place.block(), blocks.get(place.block()).with(place.role(), parameter));
    }
  }

  private void require(Model model, String name, Tensor weight, LowRank update) {
    if (weight instanceof AdaptedTensor) {
      throw new IllegalArgumentException(
          name
              + " of '"
              + model.label()
              + "' has an adapter already; merged() makes it part of the weights");
    }
    if (!weight.shape().equals(update.shape())) {
      throw new IllegalArgumentException(
          name
              + " of "
              + model.lineage().name()
              + " is "
              + weight.shape()
              + ", but the adapter's A and B are for "
              + update.shape()
              + (isFor(base, model) ? "" : "; it was made for '" + base + "'"));
    }
  }

  private String described() {
    return "LoRA rank "
        + rank()
        + ", alpha "
        + (alpha() == Math.rint(alpha()) ? String.valueOf((long) alpha()) : "" + alpha())
        + (rankStabilized() ? ", rank-stabilized" : "");
  }

  /** "q_proj v_proj (60)". */
  private String modules(AdapterLayers layers) {
    return updates.keySet().stream()
            .map(layers::name)
            .map(name -> name.substring(name.lastIndexOf('.') + 1))
            .distinct()
            .collect(Collectors.joining(" "))
        + " ("
        + updates.size()
        + ")";
  }

  /** Whether that model is called as an adapter's base is, wherever either was loaded from. */
  static boolean isFor(String base, Model model) {
    return base.isEmpty() || last(base).equalsIgnoreCase(last(model.lineage().name()));
  }

  private static String last(String name) {
    String plain = name.replaceFirst("@.*$", "").replaceFirst("[/\\\\]+$", "");
    return plain.substring(Math.max(plain.lastIndexOf('/'), plain.lastIndexOf('\\')) + 1);
  }

  /**
   * The model whose adapted matrices are plain float32 ones: the sums, as they were read before.
   *
   * @throws IllegalArgumentException if it has no adapters
   */
  public static Model merged(Model model) {
    Map<Tensor, Tensor> sums = new IdentityHashMap<>(); // blocks may share
    UnaryOperator<Parameter> merge =
        p -> {
          Tensor sum =
              p.weight() == null ? null : sums.computeIfAbsent(p.weight(), Adapter::merged);
          return sum == p.weight() ? p : p.withWeight(sum);
        };
    EnumMap<Role, Parameter> shared = new EnumMap<>(model.shared());
    shared.replaceAll((role, parameter) -> merge.apply(parameter));
    List<Block> blocks = new ArrayList<>();
    for (Block block : model.blocks()) {
      Map<Role, Parameter> parameters = new EnumMap<>(block.parameters());
      parameters.replaceAll((role, parameter) -> merge.apply(parameter));
      blocks.add(
          parameters.equals(block.parameters())
              ? block
              : new Block(block.stack(), block.origin(), parameters));
    }
    long changed = sums.entrySet().stream().filter(e -> e.getKey() != e.getValue()).count();
    if (changed == 0) {
      throw new IllegalArgumentException(
          "'" + model.label() + "' of " + model.lineage().name() + " has no adapters to merge");
    }
    Map<String, String> settings = Map.of("matrices", Long.toString(changed));
    return model.with(shared, blocks, new Lineage.Step("merged", settings));
  }

  /** The tensor itself where no adapter is in it. */
  private static Tensor merged(Tensor tensor) {
    if (tensor instanceof MaskedTensor masked) {
      Tensor base = merged(masked.base());
      return base == masked.base() ? masked : MaskedTensor.of(base, masked.mask());
    }
    return tensor instanceof AdaptedTensor
        ? FloatTensor.wrap(tensor.shape(), tensor.toFloats())
        : tensor;
  }
}
