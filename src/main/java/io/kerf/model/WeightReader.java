package io.kerf.model;

import io.kerf.format.FormatException;
import io.kerf.format.WeightFile;
import io.kerf.tensor.Shape;
import io.kerf.tensor.StoredTensor;
import io.kerf.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Finds what a blueprint promises in a file: every weight there, of the right shape, and none that
 * nobody knows.
 */
final class WeightReader {
  private static final int RUN = 1 << 16; // elements compared at a time
  private static final int NAMED = 10; // tensors in an error

  private final WeightFile file;
  private final Blueprint blueprint;
  private final Map<String, Tensor> unclaimed = new LinkedHashMap<>(); // by Hugging Face's name
  private final List<String> missing = new ArrayList<>();
  private final Set<String> dequantized = new TreeSet<>();
  private final Map<String, Parameter> claimed = new HashMap<>(); // by the layer's name
  private final Map<Role, Parameter> shared;
  private final List<Block> blocks = new ArrayList<>();

  WeightReader(WeightFile file, Blueprint blueprint, Spelling spelling) {
    this.file = file;
    this.blueprint = blueprint;
    for (boolean spare : new boolean[] {false, true}) {
      for (String stored : file.tensorNames()) {
        spelling.weights(stored).stream()
            .filter(weight -> weight.spare() == spare)
            .forEach(weight -> add(stored, weight));
      }
    }
    Architecture names = Architecture.of(blueprint.config().family());
    shared = claim(blueprint.shared(), names::layerName);
    for (Blueprint.Part part : blueprint.parts()) {
      for (int i = 0; i < part.blocks(); i++) {
        int block = i;
        blocks.add(
            new Block(
                part.stack(),
                block,
                claim(
                    part.perBlock(),
                    role -> names.layerName(blueprint.config(), role, part.stack(), block))));
      }
    }
    checkTiedHead();
    refuse("lacks weights of", missing);
    refuse("holds tensors that have no place in", List.copyOf(unclaimed.keySet()));
  }

  Map<Role, Parameter> shared() {
    return shared;
  }

  List<Block> blocks() {
    return blocks;
  }

  /** The encodings of quantized tensors, which are presented as the values they stand for. */
  Set<String> dequantized() {
    return dequantized;
  }

  private void add(String stored, Spelling.Weight weight) {
    Tensor tensor = weight.view().apply(dense(file.tensor(stored)));
    Tensor before = unclaimed.putIfAbsent(weight.name(), tensor);
    if (before != null && !weight.spare() && !same(before, tensor)) {
      throw new FormatException(
          file.name() + " holds " + weight.name() + " twice, with different values");
    }
  }

  private Tensor dense(Tensor tensor) {
    if (tensor instanceof StoredTensor stored && stored.stored().blockElements() > 1) {
      dequantized.add(stored.encoding());
      return new DequantizedTensor(stored);
    }
    return tensor;
  }

  private Map<Role, Parameter> claim(List<Layer> layers, Function<Role, String> names) {
    Map<Role, Parameter> parameters = new EnumMap<>(Role.class);
    for (Layer layer : layers) {
      String name = names.apply(layer.role());
      if (!claimed.containsKey(name)) { // else several blocks share it
        Tensor weight = claim(name + ".weight", layer.weight());
        Tensor bias = claim(name + ".bias", layer.bias());
        boolean none = weight == null && bias == null;
        claimed.put(name, none ? null : new Parameter(weight, bias));
      }
      Parameter parameter = claimed.get(name);
      if (parameter != null) {
        parameters.put(layer.role(), parameter);
      }
    }
    return parameters;
  }

  private Tensor claim(String name, Shape shape) {
    if (shape == null) {
      return null;
    }
    Tensor tensor = unclaimed.remove(name);
    if (tensor == null) {
      missing.add(name);
    } else if (!tensor.shape().equals(shape)) {
      throw new FormatException(
          file.name()
              + ": "
              + name
              + " must be "
              + shape
              + " by its configuration, was "
              + tensor.shape());
    }
    return tensor;
  }

  /** A file may write out a tied head; it must then be what it is tied to. */
  private void checkTiedHead() {
    if (!blueprint.config().head().tied() || !missing.isEmpty()) {
      return;
    }
    String name = Architecture.of(blueprint.config().family()).layerName(Role.HEAD) + ".weight";
    Tensor head = unclaimed.remove(name);
    if (head != null && !same(head, shared.get(Role.TOKEN_EMBEDDING).weight())) {
      throw new FormatException(
          file.name()
              + ": "
              + name
              + " differs from the token embedding that the configuration ties it to; "
              + "set tie_word_embeddings to false if it is a head of its own");
    }
  }

  /** Whether two tensors have the same shape and values. */
  static boolean same(Tensor a, Tensor b) {
    if (!a.shape().equals(b.shape())) {
      return false;
    }
    float[] left = new float[RUN];
    float[] right = new float[RUN];
    long elements = a.shape().elements();
    for (long from = 0; from < elements; from += RUN) {
      int count = (int) Math.min(RUN, elements - from);
      a.read(from, left, 0, count);
      b.read(from, right, 0, count);
      if (!Arrays.equals(left, 0, count, right, 0, count)) {
        return false;
      }
    }
    return true;
  }

  private void refuse(String problem, List<String> names) {
    if (!names.isEmpty()) {
      throw new FormatException(
          file.name()
              + " "
              + problem
              + " its configuration ("
              + blueprint.config().family().modelType()
              + ", blocks: "
              + blueprint.blocks()
              + "): "
              + names.stream().limit(NAMED).collect(Collectors.joining(", "))
              + (names.size() > NAMED ? " and " + (names.size() - NAMED) + " more" : ""));
    }
  }
}
