package io.kerf.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.JniUtils;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A forward pass in stages, and the way back through them. Autograd sees one stage at a time: each
 * begins with a leaf, and where it ends the next one's leaf begins.
 */
final class Trail {
  /** How a pass is made. */
  enum Way {
    /** Forward alone. */
    ONE_WAY,
    /** And back, through what was remembered. */
    BACK,
    /** And back, computing each stage again (gradient checkpointing, arXiv 1604.06174). */
    BACK_AGAIN
  }

  private final Page page;
  private final Script script;
  private final PtNDManager scratch;
  private final Way way;
  private final double dropout;
  private final long seed; // of what is dropped
  private final Deque<UnaryOperator<NDArray>> back = new ArrayDeque<>();
  private final List<NDArray> watched = new ArrayList<>();
  private List<NDArray> added = List.of();
  private boolean wanted; // whether what comes next is wanted a gradient for
  private int passed;

  Trail(Page page, PtNDManager scratch, Way way, double dropout, long seed) {
    this.page = page;
    this.script = page.script;
    this.scratch = scratch;
    this.way = way;
    this.dropout = dropout;
    this.seed = seed;
  }

  private boolean returns() {
    return way != Way.ONE_WAY;
  }

  /** Goes through a stage. */
  NDArray pass(NDArray x, UnaryOperator<NDArray> stage) {
    return way == Way.BACK_AGAIN ? passAgain(x, stage) : passOnce(x, stage);
  }

  /** Goes through a stage that is cheap to remember. */
  NDArray passOnce(NDArray x, UnaryOperator<NDArray> stage) {
    sow(passed++);
    if (!returns()) {
      return stage.apply(x);
    }
    NDArray leaf = script.array(scratch, "leaf", x, wanted);
    long entries = entries();
    NDArray out = script.recording(() -> stage.apply(leaf));
    wanted = isWanted(out);
    if (wanted) {
      back.push(dy -> goneBack(leaf, out, dy, entries));
    }
    return out;
  }

  /** A block of a model. */
  interface Stage {
    NDArray apply(NDArray x, int block);
  }

  /** Goes through blocks, each a stage, and watches some of them. */
  NDArray through(NDArray x, int from, int to, Set<Integer> watchedBlocks, Stage stage) {
    NDArray at = x;
    for (int b = from; b < to; b++) {
      int block = b;
      at = pass(at, in -> stage.apply(in, block));
      if (watchedBlocks.contains(block)) {
        watch(at);
      }
    }
    return at;
  }

  private NDArray passAgain(NDArray x, UnaryOperator<NDArray> stage) {
    int number = passed++;
    sow(number);
    NDArray leaf = script.array(scratch, "leaf", x, true);
    wanted = true;
    back.push(
        dy -> {
          long entries = entries();
          sow(number);
          NDArray out = script.recording(() -> stage.apply(leaf));
          return goneBack(leaf, out, dy, entries);
        });
    return stage.apply(leaf);
  }

  private NDArray goneBack(NDArray leaf, NDArray out, NDArray dy, long entries) {
    script.run("back", page.remembered(out, dy, entries, page.gradients()));
    out.close();
    if (!isWanted(leaf)) {
      return null;
    }
    NDArray dx = script.array(scratch, "arrived", leaf);
    leaf.close();
    return dx;
  }

  /** Makes a stage drop the same whenever it is computed. */
  private void sow(int number) {
    if (dropout > 0) {
      JniUtils.setSeed(seed * 1_000_003L + number);
    }
  }

  /** Rows of tables, summed: where a pass begins. */
  NDArray look(List<Lookup> tables, List<NDArray> rows) {
    NDArray x = tables.get(0).rows(scratch, rows.get(0));
    for (int t = 1; t < tables.size(); t++) {
      x = script.array(scratch, "sum_of", x, tables.get(t).rows(scratch, rows.get(t)));
    }
    wanted = tables.stream().anyMatch(Lookup::learns);
    if (returns() && wanted) {
      back.push(
          dy -> {
            for (int t = 0; t < tables.size(); t++) {
              tables.get(t).add(rows.get(t), dy);
            }
            return null;
          });
    }
    return x;
  }

  /** Adds the rows of a table. */
  NDArray add(NDArray x, Lookup table, NDArray rows) {
    if (returns() && table.learns()) {
      wanted = true;
      back.push(
          dy -> {
            table.add(rows, dy);
            return dy;
          });
    }
    return script.array(scratch, "sum_of", x, table.rows(scratch, rows));
  }

  /** Drops elements of x, where any are dropped. */
  NDArray drop(NDArray x) {
    return dropout > 0 && returns()
        ? passOnce(x, in -> script.array(scratch, "dropped", in, dropout))
        : x;
  }

  /** Something that is made of what learns itself, and that several later stages read. */
  NDArray source(UnaryOperator<NDArray> made) {
    if (!returns()) {
      return made.apply(null);
    }
    NDArray out = script.recording(() -> made.apply(null));
    if (!isWanted(out)) {
      return out;
    }
    NDArray leaf = script.array(scratch, "leaf", out, true);
    back.push(
        dy -> {
          script.run("back", page.remembered(out, arrived(leaf), entries(), page.gradients()));
          return null;
        });
    return leaf;
  }

  /** What a pass came to so far, for several later stages to read; then another begins. */
  NDArray shared(NDArray x) {
    if (!returns() || !wanted) {
      return x;
    }
    NDArray leaf = script.array(scratch, "leaf", x, true);
    back.push(dy -> arrived(leaf));
    return leaf;
  }

  private NDArray arrived(NDArray leaf) {
    return script.array(scratch, "arrived", leaf);
  }

  /** Remembers where the pass stands, for what is added to its gradient there. */
  private void watch(NDArray x) {
    int index = watched.size();
    watched.add(x);
    if (returns()) {
      back.push(dy -> added.isEmpty() ? dy : script.array(scratch, "sum_of", dy, added.get(index)));
    }
  }

  /** What was watched, in order. */
  List<NDArray> watched() {
    return watched;
  }

  /**
   * Goes all the way back.
   *
   * @param gradient of the loss by where the pass came to
   * @param more gradients by what was watched; empty for none
   */
  void backFrom(NDArray gradient, List<NDArray> more) {
    added = more;
    NDArray dy = gradient;
    while (!back.isEmpty()) {
      NDArray dx = back.pop().apply(dy);
      if (dy != null && dy != dx && dy != gradient) {
        dy.close();
      }
      dy = dx;
    }
  }

  /** Whether a gradient is wanted for it. (DJL's own question is about leaves alone.) */
  private boolean isWanted(NDArray x) {
    try (IValue wants = script.call("wants_gradient", x)) {
      return wants.toBoolean();
    }
  }

  private long entries() {
    try (IValue count = script.call("entries", page.remembered())) {
      return count.toLong();
    }
  }

  /** Forgets what was remembered and not gone back through. */
  void abandon() {
    back.clear();
    long layers = page.weights.layers();
    script.run("forget", page.remembered(3 * layers, layers));
  }
}
