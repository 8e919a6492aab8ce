package io.kerf.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import io.kerf.model.Parameter;
import io.kerf.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Host tensors in native memory, each once, whichever blocks and sessions hold it. They come
 * through one staging buffer, so that the host never holds a second copy.
 */
final class NativeTensors {
  private static final int STAGED = 1 << 20; // floats: 4 MiB

  final PtNDManager memory;
  final Script script;

  private final FloatBuffer staging;
  private final NDArray staged;
  private final float[] run = new float[STAGED];
  private final Map<Tensor, NDArray> arrays = new IdentityHashMap<>();

  /** Linear layers that are there already. */
  final Map<Layer, Held> layers = new HashMap<>();

  NativeTensors(PtNDManager memory, Script script) {
    this.memory = memory;
    this.script = script;
    ByteBuffer buffer = memory.allocateDirect(4 * STAGED).order(ByteOrder.nativeOrder());
    this.staged = memory.create(buffer, new Shape(STAGED), DataType.FLOAT32);
    this.staging = buffer.asFloatBuffer();
  }

  /**
   * A layer by its tensors themselves, not by their values: blocks and models may share them.
   *
   * @param gated whether two layers are held as the two halves of one gated layer
   */
  record Layer(WeightFormat format, boolean gated, List<Tensor> tensors) {
    static Layer of(WeightFormat format, boolean gated, List<Parameter> parts) {
      return new Layer(
          format, gated, parts.stream().flatMap(p -> Stream.of(p.weight(), p.bias())).toList());
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Layer layer
          && format == layer.format
          && gated == layer.gated
          && tensors.size() == layer.tensors.size()
          && IntStream.range(0, tensors.size())
              .allMatch(i -> tensors.get(i) == layer.tensors.get(i));
    }

    @Override
    public int hashCode() {
      return tensors.stream().mapToInt(System::identityHashCode).sum();
    }
  }

  /** Where a layer is: the index among the layers of the weights that hold it. */
  record Held(Weights owner, int index) {}

  /** A plain float32 array of a host tensor, one for all who ask for it. */
  NDArray array(Tensor tensor) {
    return arrays.computeIfAbsent(tensor, this::copied);
  }

  /** A new array of a host tensor. */
  NDArray copied(Tensor tensor) {
    NDArray flat = script.array(memory, "empty", tensor.shape().elements());
    put(flat, 0, tensor);
    NDArray shaped = script.array(memory, "shaped", flat, tensor.shape().sizes());
    flat.close();
    return shaped;
  }

  /** A new array of the parts' weights, one below the other. */
  NDArray stacked(List<Parameter> parts, int rows, int columns) {
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
  NDArray biases(List<Parameter> parts, int rows) {
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

  /** Overwrites arrays of a session with those of the same name that another one kept. */
  void restore(Map<String, Tensor> own, Map<String, Tensor> kept) {
    own.forEach(
        (name, rows) -> {
          Tensor source = kept.get(name);
          long count = source.shape().elements();
          for (long done = 0; done < count; ) {
            int n = (int) Math.min(STAGED, count - done);
            source.read(done, run, 0, n);
            staging.put(0, run, 0, n);
            ((NativeRows) rows).write(done, staged, n);
            done += n;
          }
        });
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
}
