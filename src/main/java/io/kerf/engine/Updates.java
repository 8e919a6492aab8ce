package io.kerf.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An optimizer at work on a page's masters: its state, and its steps. */
final class Updates implements AutoCloseable {
  /** Masters that are treated alike, and their state, as the page takes them. */
  private record Group(
      IValue values, IValue gradients, IValue first, IValue second, IValue steps, double decay) {
    void close() {
      values.close();
      gradients.close();
      first.close();
      second.close();
      steps.close();
    }
  }

  private final Optimizer optimizer;
  private final Script script;
  private final PtNDManager memory;
  private final Map<String, Map<Master, NDArray>> moments = new LinkedHashMap<>();
  private final List<Group> groups = new ArrayList<>();
  private final NDArray count;
  private final IValue gradients;
  private final IValue cleared;
  private long steps;

  Updates(Optimizer optimizer, Masters masters) {
    this.optimizer = optimizer;
    this.script = masters.script();
    this.memory = masters.memory();
    this.count = memory.create(new float[] {0}, new Shape());
    this.gradients = Script.value(masters.all().stream().map(Master::gradient).toList());
    this.cleared = Script.value(masters.cleared());
    boolean two = optimizer instanceof Optimizer.AdamW;
    moments.put("first_moment", zeros(masters.all()));
    if (two) {
      moments.put("second_moment", zeros(masters.all()));
    }
    for (boolean matrices : new boolean[] {true, false}) {
      List<Master> alike =
          masters.all().stream().filter(master -> master.matrix() == matrices).toList();
      if (!alike.isEmpty()) {
        groups.add(group(alike, matrices));
      }
    }
  }

  private Map<Master, NDArray> zeros(List<Master> masters) {
    Map<Master, NDArray> state = new LinkedHashMap<>();
    for (Master master : masters) {
      long[] sizes = master.value().getShape().getShape();
      state.put(master, script.array(memory, "zeros", (Object) sizes));
    }
    return state;
  }

  private Group group(List<Master> alike, boolean matrices) {
    double decay =
        optimizer instanceof Optimizer.AdamW adam
            ? matrices ? adam.weightDecay() : 0
            : ((Optimizer.Lion) optimizer).weightDecay();
    Map<Master, NDArray> second = moments.get("second_moment");
    return new Group(
        Script.value(alike.stream().map(Master::value).toList()),
        Script.value(alike.stream().map(Master::gradient).toList()),
        Script.value(alike.stream().map(moments.get("first_moment")::get).toList()),
        Script.value(
            second == null ? List.<NDArray>of() : alike.stream().map(second::get).toList()),
        Script.value(alike.stream().map(master -> count).toList()),
        decay);
  }

  /** The global norm of all gradients. */
  double norm() {
    try (NDArray norms = script.array(memory, "norms_of", gradients)) {
      double sum = 0;
      for (float norm : norms.toFloatArray()) {
        sum += (double) norm * norm;
      }
      return Math.sqrt(sum);
    }
  }

  /** Makes a step with gradients divided by that, and clears them. */
  void step(double learningRate, double divisor) {
    steps++;
    script.run("fill", count, (double) steps);
    for (Group group : groups) {
      if (optimizer instanceof Optimizer.AdamW adam) {
        try (NDArray scale = memory.create(new float[] {(float) divisor}, new Shape())) {
          script.run(
              "adamw",
              group.values(),
              group.gradients(),
              group.first(),
              group.second(),
              group.steps(),
              scale,
              learningRate,
              adam.beta1(),
              adam.beta2(),
              group.decay(),
              adam.epsilon());
        }
      } else {
        Optimizer.Lion lion = (Optimizer.Lion) optimizer;
        script.run(
            "lion",
            group.values(),
            group.gradients(),
            group.first(),
            1 / divisor,
            learningRate,
            lion.beta1(),
            lion.beta2(),
            group.decay());
      }
    }
    clear();
  }

  void clear() {
    script.run("clear", cleared);
  }

  /** How many steps were made, of a run that was gone on with all of them. */
  long steps() {
    return steps;
  }

  void steps(long made) {
    steps = made;
  }

  /** The optimizer's state, by what it is called: an array for each master. */
  Map<String, Map<Master, NDArray>> moments() {
    return moments;
  }

  @Override
  public void close() {
    groups.forEach(Group::close);
    gradients.close();
    cleared.close();
  }
}
