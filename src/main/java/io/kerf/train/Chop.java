package io.kerf.train;

import io.kerf.compress.LayerRemoval;
import io.kerf.model.Lineage;
import io.kerf.model.Model;
import io.kerf.model.Stack;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * LayerCHOP (arXiv 2305.14864): layers go while the model is being trained, so that the optimizer's
 * state is warm when they do.
 *
 * @param removal which layers go
 * @param warmSteps of the whole model, before the first cut; the optimizer's state of what stays is
 *     kept, and the schedule goes on
 * @param cuts in how many equal parts the layers go; 1 for at once
 * @param stepsBetween two cuts
 */
record Chop(LayerRemoval removal, int warmSteps, int cuts, int stepsBetween) {
  Chop {
    if (warmSteps < 0) {
      throw new IllegalArgumentException("warm steps must be at least 0, were " + warmSteps);
    }
    if (cuts < 1 || cuts > 1 && stepsBetween < 1) {
      throw new IllegalArgumentException(
          "layers must go in at least 1 cut with at least 1 step between two, was "
              + cuts
              + " with "
              + stepsBetween);
    }
  }

  /** A part of the run: from which step (counted from 0) the model has which layers. */
  record Phase(int from, Model model) {}

  /**
   * What is trained when.
   *
   * @param steps of the whole run
   */
  List<Phase> phases(Model whole, int steps) {
    int last = warmSteps + (cuts - 1) * stepsBetween;
    if (last >= steps) {
      throw new IllegalArgumentException(
          "the last cut comes before step "
              + (last + 1)
              + ", the run has "
              + steps
              + " steps: train for more tokens, or warm up for fewer steps");
    }
    Model chopped = removal.apply(whole);
    List<Phase> phases = new ArrayList<>();
    if (warmSteps > 0) {
      phases.add(new Phase(0, whole));
    }
    for (int cut = 1; cut < cuts; cut++) {
      phases.add(new Phase(warmSteps + (cut - 1) * stepsBetween, between(whole, chopped, cut)));
    }
    phases.add(new Phase(last, chopped));
    return phases;
  }

  /** The model of which that part of the layers that go is gone: the first of every stack's. */
  private Model between(Model whole, Model chopped, int cut) {
    Model model = whole;
    for (Stack stack : whole.stacks()) {
      List<Integer> stay = chopped.blocks(stack).stream().map(b -> b.origin()).toList();
      List<Integer> go =
          whole.blocks(stack).stream().map(b -> b.origin()).filter(o -> !stay.contains(o)).toList();
      int count = go.size() * cut / cuts;
      List<Integer> gone = spread(go, count);
      model =
          model.withBlocks(
              model.blocks().stream()
                  .filter(b -> b.stack() != stack || !gone.contains(b.origin()))
                  .toList(),
              new Lineage.Step(removal.label() + ", cut " + cut + " of " + cuts, Map.of()));
    }
    return model;
  }

  private static List<Integer> spread(List<Integer> all, int count) {
    List<Integer> chosen = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      chosen.add(all.get(i * all.size() / count));
    }
    return chosen;
  }

  /** All that decides it. */
  String settings() {
    String between = cuts == 1 ? "" : ", " + stepsBetween + " steps apart";
    return label() + " after " + warmSteps + " steps" + between;
  }

  String label() {
    return cuts == 1 ? removal.label() : removal.label() + " in " + cuts + " cuts";
  }
}
