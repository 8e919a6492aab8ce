package io.kerf.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import io.kerf.model.Block;
import io.kerf.model.Parameter;
import io.kerf.model.Role;
import io.kerf.tensor.Execution;
import io.kerf.tensor.QuantizedTensor;
import io.kerf.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A session's weights in native memory: linear layers each in its format, and plain arrays. They
 * come through one staging buffer, so that the host never holds a second copy.
 */
final class Weights implements AutoCloseable {
  private static final int STAGED = 1 << 20; // floats: 4 MiB
  private static final int BIAS = 16; // added to a kind: the layer has a bias
  private static final int GATED = 32; // a kind: gate and up packed apart
  private static final int INT4_GROUP = 32;

  /** How many rows of input oneDNN's layout is made for. */
  static final int ROWS = 512;

  private final PtNDManager memory;
  private final Script script;
  private final FloatBuffer staging;
  private final NDArray staged;
  private final float[] run = new float[STAGED];

  private final Map<Layer, Integer> added = new HashMap<>();
  private final Map<Tensor, NDArray> arrays = new IdentityHashMap<>();
  private final List<NDArray> entries = new ArrayList<>(); // weight, scales, bias of each layer
  private final List<Integer> kinds = new ArrayList<>();
  private final IValue packed; // a list of TorchScript's, one element a layer
  private final IValue unpacked; // what stands in that list for a layer of another format
  private final NDArray none;
  private IValue entryList;
  private IValue kindList;

  Weights(PtNDManager memory, Script script) {
    this.memory = memory;
    this.script = script;
    ByteBuffer buffer = memory.allocateDirect(4 * STAGED).order(ByteOrder.nativeOrder());
    this.staged = memory.create(buffer, new Shape(STAGED), DataType.FLOAT32);
    this.staging = buffer.asFloatBuffer();
    this.none = memory.create(new Shape(0), DataType.FLOAT32);
    this.packed = script.call("no_layers");
    this.unpacked = script.call("pack_nothing");
  }

  /** A layer by its tensors themselves, not by their values: blocks may share them. */
  private record Layer(WeightFormat format, List<Tensor> tensors) {
    static Layer of(WeightFormat format, List<Parameter> parts) {
      return new Layer(
          format, parts.stream().flatMap(p -> Stream.of(p.weight(), p.bias())).toList());
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Layer layer
          && format == layer.format
          && tensors.size() == layer.tensors.size()
          && IntStream.range(0, tensors.size())
              .allMatch(i -> tensors.get(i) == layer.tensors.get(i));
    }

    @Override
    public int hashCode() {
      return tensors.stream().mapToInt(System::identityHashCode).sum();
    }
  }

  /** A plain float32 array of a host tensor, one for all who ask for it. */
  NDArray array(Tensor tensor) {
    return arrays.computeIfAbsent(tensor, this::copied);
  }

  private NDArray copied(Tensor tensor) {
    NDArray flat = script.array(memory, "empty", tensor.shape().elements());
    put(flat, 0, tensor);
    NDArray shaped = script.array(memory, "shaped", flat, tensor.shape().sizes());
    flat.close();
    return shaped;
  }

  /** Adds one linear layer of a block's roles, one below the other; returns its index. */
  int linear(WeightFormat format, Block block, Role... roles) {
    return linear(format, Arrays.stream(roles).map(block::parameter).toList());
  }

  /**
   * Adds one linear layer of the parameters' rows, one below the other; returns its index. A layer
   * that is there already is added by reference.
   */
  int linear(WeightFormat format, List<Parameter> parts) {
    Integer first = added.putIfAbsent(Layer.of(format, parts), kinds.size());
    if (first != null) {
      entries.addAll(List.copyOf(entries.subList(3 * first, 3 * first + 3)));
      script.run("add_again", packed, first);
      kinds.add(kinds.get(first));
      return kinds.size() - 1;
    }
    return add(format, parts);
  }

  private int add(WeightFormat format, List<Parameter> parts) {
    int rows = parts.stream().mapToInt(part -> part.weight().shape().rows()).sum();
    int columns = parts.get(0).weight().shape().columns();
    NDArray weight = weight(parts, rows, columns);
    NDArray bias = bias(parts, rows);
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
    entries.addAll(List.of(packFloat32(gate), packFloat32(up), none));
    script.run("add_layer", packed, unpacked);
    kinds.add(GATED);
    return kinds.size() - 1;
  }

  private NDArray packFloat32(Parameter part) {
    try (NDArray weight = copied(part.weight())) {
      return script.array(memory, "pack_float32", weight, ROWS);
    }
  }

  private NDArray weight(List<Parameter> parts, int rows, int columns) {
    NDArray flat = script.array(memory, "empty", (long) rows * columns);
    long at = 0;
    for (Parameter part : parts) {
      long size = part.weight().shape().elements();
      put(flat, at, part.weight());
      at += size;
    }
    NDArray shaped = script.array(memory, "shaped", flat, new long[] {rows, columns});
    flat.close();
    return shaped;
  }

  /** The parts' biases one after another, 0 where a part has none; null where no part has one. */
  private NDArray bias(List<Parameter> parts, int rows) {
    if (parts.stream().allMatch(part -> part.bias() == null)) {
      return null;
    }
    NDArray flat = script.array(memory, "zeros", new long[] {rows});
    long at = 0;
    for (Parameter part : parts) {
      int size = part.weight().shape().rows();
      if (part.bias() != null) {
        put(flat, at, part.bias());
      }
      at += size;
    }
    return flat;
  }

  private void put(NDArray flat, long at, Tensor tensor) {
    long count = tensor.shape().elements();
    for (long done = 0; done < count; ) {
      int n = (int) Math.min(STAGED, count - done);
      tensor.read(done, run, 0, n);
      staging.put(0, run, 0, n);
      script.run("put", flat, at + done, staged, n);
      done += n;
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
