package io.kerf.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import io.kerf.engine.NativeTensors.Held;
import io.kerf.engine.NativeTensors.Layer;
import io.kerf.model.Block;
import io.kerf.model.Parameter;
import io.kerf.model.Role;
import io.kerf.tensor.Execution;
import io.kerf.tensor.QuantizedTensor;
import io.kerf.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A session's weights in native memory: linear layers each in its format, and plain arrays. Those
 * that another of its layers holds, or a session that shares its {@link NativeTensors}, are not
 * held again.
 */
final class Weights implements AutoCloseable {
  private static final int BIAS = 16; // added to a kind: the layer has a bias
  private static final int GATED = 32; // a kind: gate and up packed apart
  private static final int INT4_GROUP = 32;

  /** How many rows of input oneDNN's layout is made for. */
  static final int ROWS = 512;

  private final NativeTensors tensors;
  private final Masters masters; // where this page learns; else null
  private final PtNDManager memory;
  private final Script script;
  private final List<NDArray> entries = new ArrayList<>(); // weight, scales, bias of each layer
  private final List<Integer> kinds = new ArrayList<>();
  private final IValue packed; // a list of TorchScript's, one element a layer
  private final IValue unpacked; // what stands in that list for a layer of another format
  private final NDArray none;
  private IValue entryList;
  private IValue kindList;

  /**
   * No weights yet.
   *
   * @param masters what learns; null where nothing does
   */
  Weights(NativeTensors tensors, Masters masters) {
    this.tensors = tensors;
    this.masters = masters;
    this.memory = tensors.memory;
    this.script = tensors.script;
    this.none = memory.create(new Shape(0), DataType.FLOAT32);
    this.packed = script.call("no_layers");
    this.unpacked = script.call("pack_nothing");
  }

  /** A plain float32 array of a host tensor, one for all who ask for it. */
  NDArray array(Tensor tensor) {
    return masters == null ? tensors.array(tensor) : masters.leaf(tensor);
  }

  /** An empty array. */
  NDArray none() {
    return none;
  }

  /** How many linear layers there are. */
  int layers() {
    return kinds.size();
  }

  /** What learns, in a page that does. */
  Masters masters() {
    return masters;
  }

  /** Adds one linear layer of a block's roles, one below the other; returns its index. */
  int linear(WeightFormat format, Block block, Role... roles) {
    int layer = linear(format, Arrays.stream(roles).map(block::parameter).toList());
    if (masters != null && Learning.DROPPED.contains(roles[0])) {
      masters.dropOut(layer, entries, kinds);
    }
    return layer;
  }

  /**
   * Adds one linear layer of the parameters' rows, one below the other; returns its index. A layer
   * that is there already is added by reference.
   */
  int linear(WeightFormat format, List<Parameter> parts) {
    return isThere(Layer.of(format, false, parts)) ? kinds.size() - 1 : add(format, parts);
  }

  /** Adds a layer that is there already by reference; otherwise says where it is going to be. */
  private boolean isThere(Layer layer) {
    Held held = tensors.layers.putIfAbsent(layer, new Held(this, kinds.size()));
    if (held == null) {
      return false;
    }
    Weights owner = held.owner();
    int first = 3 * held.index();
    if (masters != null) {
      masters.again(held.index());
    }
    entries.addAll(List.copyOf(owner.entries.subList(first, first + 3)));
    if (masters == null) {
      script.run("add_again", packed, owner.packed, held.index());
    }
    kinds.add(owner.kinds.get(held.index()));
    return true;
  }

  private int add(WeightFormat format, List<Parameter> parts) {
    if (masters != null) {
      kinds.add(masters.layer(parts, entries, none));
      return kinds.size() - 1;
    }
    int rows = parts.stream().mapToInt(part -> part.weight().shape().rows()).sum();
    int columns = parts.get(0).weight().shape().columns();
    NDArray weight = tensors.stacked(parts, rows, columns);
    NDArray bias = tensors.biases(parts, rows);
    WeightFormat held = held(format, parts);
    int kind = held.ordinal() + (bias == null ? 0 : BIAS);
    NDArray first = none;
    NDArray second = none;
    boolean alone = false;
    switch (held) {
      case FLOAT32 -> first = weight;
      case FLOAT32_PACKED -> first = script.array(memory, "pack_float32", weight, ROWS);
      case BFLOAT16 -> {
        first = script.array(memory, "pack_bfloat16", weight, ROWS);
        if (bias != null) {
          NDArray narrow = script.array(memory, "bfloat16", bias);
          bias.close();
          bias = narrow;
        }
      }
      case INT8_DYNAMIC -> {
        try (IValue layer = script.call("pack_int8", weight)) {
          script.run("add_layer", packed, layer);
        }
        alone = true;
      }
      case INT4_GROUP -> {
        requireGroups(columns, rows);
        try (IValue pair = script.call("pack_int4", weight)) {
          IValue[] both = pair.toIValueTuple();
          first = both[0].toTensor(memory);
          second = both[1].toTensor(memory);
          both[0].close();
          both[1].close();
        }
      }
    }
    if (!alone) {
      script.run("add_layer", packed, unpacked);
    }
    if (first != weight) {
      weight.close();
    }
    entries.addAll(List.of(first, second, bias == null ? none : bias));
    kinds.add(kind);
    return kinds.size() - 1;
  }

  /** What a cut marked as dynamic int8 runs in integers, also where the rest is float32. */
  private static WeightFormat held(WeightFormat format, List<Parameter> parts) {
    boolean exact = format == WeightFormat.FLOAT32 || format == WeightFormat.FLOAT32_PACKED;
    boolean marked =
        parts.stream()
            .allMatch(
                part ->
                    part.weight() instanceof QuantizedTensor codes
                        && codes.execution() == Execution.DYNAMIC_INT8);
    return exact && marked ? WeightFormat.INT8_DYNAMIC : format;
  }

  private static void requireGroups(int columns, int rows) {
    if (columns % INT4_GROUP != 0 || rows % INT4_GROUP != 0) {
      throw new IllegalArgumentException(
          "the int4 kernel needs rows and columns in multiples of 32, a linear layer has "
              + rows
              + " x "
              + columns
              + "; choose another weight format");
    }
  }

  /** Adds the two layers of a gated feed-forward as one; returns its index. */
  int gated(WeightFormat format, Parameter gate, Parameter up) {
    List<Parameter> both = List.of(gate, up);
    boolean apart =
        held(format, both) == WeightFormat.FLOAT32_PACKED
            && both.stream().allMatch(part -> part.bias() == null);
    if (!apart) {
      return linear(format, both);
    }
    if (isThere(Layer.of(format, true, both))) {
      return kinds.size() - 1;
    }
    entries.addAll(List.of(packFloat32(gate), packFloat32(up), none));
    script.run("add_layer", packed, unpacked);
    kinds.add(GATED);
    return kinds.size() - 1;
  }

  private NDArray packFloat32(Parameter part) {
    try (NDArray weight = tensors.copied(part.weight())) {
      return script.array(memory, "pack_float32", weight, ROWS);
    }
  }

  /** What every page's methods take last: the layers' arrays, packed layers and kinds. */
  Object[] arguments() {
    if (entryList == null) {
      entryList = Script.value(entries);
      kindList = Script.value(kinds.stream().mapToLong(Integer::longValue).toArray());
    }
    return new Object[] {entryList, packed, kindList};
  }

  /** A method's own arguments and those that every page's method takes last. */
  static Object[] concat(Object[] own, Object... last) {
    Object[] all = Arrays.copyOf(own, own.length + last.length);
    System.arraycopy(last, 0, all, own.length, last.length);
    return all;
  }

  @Override
  public void close() {
    packed.close();
    unpacked.close();
    if (entryList != null) {
      entryList.close();
      kindList.close();
    }
  }
}
