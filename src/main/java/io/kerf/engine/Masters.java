package io.kerf.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import io.kerf.engine.WeightNames.Place;
import io.kerf.model.Parameter;
import io.kerf.tensor.Tensor;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What a page's weights are while they learn: float32 arrays with their gradients, and what the
 * page computes with in their stead.
 */
final class Masters {
  private static final int LEARNING = 8; // kinds, as learning in linear.py reads them
  private static final int HALF = 1;
  private static final int BIAS = 16;
  private static final int LEARNS = 32;
  private static final int DROPPED = 64;

  private final Learning how;
  private final NativeTensors tensors;
  private final PtNDManager memory;
  private final Script script;
  private final NDArray none;
  private final NDArray rate;
  private final List<Master> masters = new ArrayList<>();
  private final List<Form> forms = new ArrayList<>();
  private final List<NDArray> gradients = new ArrayList<>(); // two a layer
  private final List<NDArray> passing = new ArrayList<>(); // gradients that no step reads itself
  private final Map<Tensor, Master> byTensor = new IdentityHashMap<>();
  private final Map<Tensor, Tensor> merged = new IdentityHashMap<>(); // what adapters come to
  private final Map<Tensor, NDArray> leaves = new IdentityHashMap<>();
  private final Map<String, NDArray> kept = new LinkedHashMap<>();
  private final WeightNames names;

  Masters(Learning how, WeightNames names, NativeTensors tensors) {
    this.how = how;
    this.names = names;
    this.tensors = tensors;
    this.memory = tensors.memory;
    this.script = tensors.script;
    this.none = memory.create(new Shape(0), DataType.FLOAT32);
    this.rate = memory.create(new float[] {(float) how.dropout()}, new Shape());
  }

  List<Master> all() {
    return masters;
  }

  /** Two a layer, as the page's way back adds to them. */
  List<NDArray> gradients() {
    return gradients;
  }

  List<Form> forms() {
    return forms;
  }

  private boolean learns(Tensor tensor) {
    Place place = names.place(tensor);
    return how.changes().learns(place.block(), place.role());
  }

  /** An array that autograd itself looks after: a norm's gain, a bias by distance. */
  NDArray leaf(Tensor tensor) {
    return leaves.computeIfAbsent(
        tensor,
        t -> {
          NDArray copy = tensors.copied(t);
          if (!learns(t)) {
            return copy;
          }
          NDArray leaf = script.array(memory, "leaf", copy, true);
          add(List.of(t), leaf, gradientOf(leaf), t.shape().sizes().length >= 2);
          return leaf;
        });
  }

  private NDArray gradientOf(NDArray leaf) {
    return script.recording(() -> script.array(memory, "begun", leaf));
  }

  /**
   * An array that the page reads and that is made of host tensors, each added to by an offset and
   * given to some rows: the norms of heads.
   *
   * @param effective with its values
   */
  NDArray composed(NDArray effective, List<Composed.Run> runs) {
    List<Composed.Run> learned =
        runs.stream().filter(run -> run.tensor() != null && learns(run.tensor())).toList();
    if (learned.isEmpty()) {
      return effective;
    }
    NDArray leaf = script.array(memory, "leaf", effective, true);
    NDArray gradient = gradientOf(leaf);
    passing.add(gradient);
    List<Composed.Link> links = new ArrayList<>();
    for (Composed.Run run : learned) {
      Master master = byTensor.get(run.tensor());
      if (master == null) {
        master = plain(run.tensor());
      }
      links.add(new Composed.Link(master, run));
    }
    forms.add(new Composed(script, memory, leaf, gradient, links));
    return leaf;
  }

  private Master plain(Tensor tensor) {
    NDArray value = tensors.copied(tensor);
    return add(List.of(tensor), value, zeros(value), tensor.shape().sizes().length >= 2);
  }

  /** The table (V, D) that rows are read of, and its gradient; it may be a head as well. */
  Table table(Tensor tensor) {
    Master master = byTensor.get(tensor);
    if (master != null) {
      return new Table(master.value(), master.gradient());
    }
    if (learns(tensor)) {
      master = plain(tensor);
      return new Table(master.value(), master.gradient());
    }
    return new Table(leaves.computeIfAbsent(tensor, tensors::copied), null);
  }

  /** A table and its gradient, null where it does not learn. */
  record Table(NDArray value, NDArray gradient) {}

  /** Adds a linear layer of the parts' rows; returns its kind. */
  int layer(List<Parameter> parts, List<NDArray> entries, NDArray absent) {
    List<Tensor> weights = parts.stream().map(Parameter::weight).toList();
    Layer layer = new Layer(weights);
    NDArray bias = bias(parts);
    entries.addAll(List.of(layer.used, absent, bias == null ? absent : bias));
    gradients.add(layer.gradient == null ? none : layer.gradient);
    gradients.add(biasGradient(parts, bias));
    return LEARNING
        + (how.half() ? HALF : 0)
        + (bias == null ? 0 : BIAS)
        + (layer.gradient == null ? 0 : LEARNS);
  }

  /** The last added layer is one that is there already. */
  void again(int index) {
    gradients.add(gradients.get(2 * index));
    gradients.add(gradients.get(2 * index + 1));
  }

  /** Lets a layer drop outputs, where any are dropped. */
  void dropOut(int index, List<NDArray> entries, List<Integer> kinds) {
    if (how.dropout() > 0 && kinds.get(index) < DROPPED) {
      entries.set(3 * index + 1, rate);
      kinds.set(index, kinds.get(index) + DROPPED);
    }
  }

  private NDArray bias(List<Parameter> parts) {
    List<Tensor> biases = parts.stream().map(Parameter::bias).filter(Objects::nonNull).toList();
    if (biases.isEmpty()) {
      return null;
    }
    int rows = parts.stream().mapToInt(part -> part.weight().shape().rows()).sum();
    NDArray value = tensors.biases(parts, rows);
    boolean learns = learns(biases.get(0));
    if (learns && biases.size() != parts.size()) {
      throw new IllegalArgumentException(
          names.place(biases.get(0)).name()
              + ": of layers that are computed as one, some have a bias and some have none;"
              + " this cannot be trained");
    }
    if (learns) {
      add(biases, value, zeros(value), false);
    }
    return value;
  }

  private NDArray biasGradient(List<Parameter> parts, NDArray bias) {
    Master master = bias == null ? null : byTensor.get(parts.get(0).bias());
    return master == null ? none : master.gradient();
  }

  private Master add(List<Tensor> parts, NDArray value, NDArray gradient, boolean matrix) {
    List<String> called = parts.stream().map(part -> names.place(part).name()).toList();
    Master master = new Master(called, parts, value, gradient, matrix);
    masters.add(master);
    parts.forEach(part -> byTensor.put(part, master));
    return master;
  }

  private NDArray zeros(NDArray like) {
    return script.array(memory, "zeros", like.getShape().getShape());
  }

  /** A linear layer's weight: what is computed with, where its gradient goes, by which forms. */
  private final class Layer {
    final NDArray used;
    final NDArray gradient; // null where none is wanted

    Layer(List<Tensor> weights) {
      int rows = weights.stream().mapToInt(weight -> weight.shape().rows()).sum();
      int columns = weights.get(0).shape().columns();
      Master known = weights.size() == 1 ? byTensor.get(weights.get(0)) : null;
      boolean learns = weights.stream().anyMatch(Masters.this::learns);
      NDArray value = known != null ? known.value() : held(weights, rows, columns);
      if (known == null && learns) {
        known = add(weights, value, zeros(value), true);
      }
      WeightForms made = new WeightForms(Masters.this, weights, value, known);
      used = made.used();
      gradient = made.gradient();
    }

    private NDArray held(List<Tensor> weights, int rows, int columns) {
      NDArray there = weights.size() == 1 ? leaves.get(weights.get(0)) : null;
      return there != null
          ? there
          : tensors.stacked(weights.stream().map(Parameter::of).toList(), rows, columns);
    }
  }

  // ---------------------------------------------------------------- what forms are made with

  Learning how() {
    return how;
  }

  Place place(Tensor tensor) {
    return names.place(tensor);
  }

  PtNDManager memory() {
    return memory;
  }

  Script script() {
    return script;
  }

  /** Adds what training itself brings: an adapter's matrix. */
  Master added(String name, NDArray value) {
    Master master = new Master(List.of(name), List.of(), value, zeros(value), true);
    masters.add(master);
    return master;
  }

  NDArray passing(NDArray like) {
    NDArray gradient = zeros(like);
    passing.add(gradient);
    return gradient;
  }

  /** Adds what a form has to keep from step to step: a mask. */
  void keep(String name, NDArray array) {
    kept.put(name, array);
  }

  /** What forms keep from step to step, by name. */
  Map<String, NDArray> kept() {
    return kept;
  }

  void form(Form form) {
    forms.add(form);
  }

  /** Says where a host tensor stands with what its adapter adds. */
  void merged(Tensor part, NDArray whole, int firstRow) {
    long first = (long) firstRow * part.shape().columns();
    merged.put(part, new NativeRows(script, memory, whole, first, part.shape()));
  }

  /** What the host's tensors have become, those that changed; read while the session is open. */
  Map<Tensor, Tensor> changed() {
    Map<Tensor, Tensor> changed = new IdentityHashMap<>(merged);
    for (Master master : masters) {
      long first = 0;
      for (Tensor part : master.parts()) {
        changed.putIfAbsent(
            part, new NativeRows(script, memory, master.value(), first, part.shape()));
        first += part.shape().elements();
      }
    }
    return changed;
  }

  /** Every gradient that is added to, once. */
  List<NDArray> cleared() {
    return Stream.concat(masters.stream().map(Master::gradient), passing.stream()).toList();
  }
}
