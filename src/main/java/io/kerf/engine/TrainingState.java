package io.kerf.engine;

import ai.djl.ndarray.NDArray;
import io.kerf.tensor.Shape;
import io.kerf.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * What a training session has to keep: weights and the optimizer's state.
 *
 * @param steps how many the optimizer made
 * @param arrays by name, "value.decoder.3.query.weight" and "first_moment.", "second_moment." of
 *     the same, "mask." of weights whose mask moves; blocks go by their places in the model as
 *     loaded
 */
public record TrainingState(long steps, Map<String, Tensor> arrays) {
  public TrainingState {
    arrays = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(arrays));
  }

  /** What a session has now: read it before the session goes on or is closed. */
  static TrainingState of(Page page, Masters masters, Updates updates) {
    Map<String, Tensor> arrays = new LinkedHashMap<>();
    for (Master master : masters.all()) {
      add(page, arrays, "value.", master, master.value());
    }
    masters.kept().forEach((name, array) -> arrays.put(name, rows(page, array)));
    updates
        .moments()
        .forEach(
            (name, state) ->
                state.forEach((master, array) -> add(page, arrays, name + ".", master, array)));
    return new TrainingState(updates.steps(), arrays);
  }

  private static Tensor rows(Page page, NDArray array) {
    long[] sizes = array.getShape().getShape();
    Shape shape = Shape.of(Arrays.stream(sizes).mapToInt(Math::toIntExact).toArray());
    return new NativeRows(page.script, page.memory, array, 0, shape);
  }

  private static void add(
      Page page, Map<String, Tensor> arrays, String prefix, Master master, NDArray array) {
    long first = 0;
    for (int part = 0; part < master.names().size(); part++) {
      Shape shape = master.shape(part);
      arrays.put(
          prefix + master.names().get(part),
          new NativeRows(page.script, page.memory, array, first, shape));
      first += shape.elements();
    }
  }

  /** The array of that name. */
  public Tensor array(String name) {
    return Objects.requireNonNull(arrays.get(name), name);
  }
}
