package io.kerf.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import io.kerf.model.Block;
import io.kerf.model.Config;
import io.kerf.model.Family;
import io.kerf.model.Model;
import io.kerf.model.Parameter;
import io.kerf.model.Role;
import io.kerf.progress.Interrupted;
import io.kerf.tensor.Tensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A masked language model ready to run. Sequences of a batch are laid end to end, never padded, so
 * a result does not depend on what else is in the batch.
 */
public final class EncoderSession implements Session {
  /**
   * One input.
   *
   * @param ids (T)
   * @param segments (T), all 0 for a single text
   * @param scored the positions whose logits are wanted, each in [0, T)
   */
  public record Input(int[] ids, int[] segments, int[] scored) {
    public Input {
      if (ids.length == 0 || ids.length != segments.length) {
        throw new IllegalArgumentException(
            "an input needs as many segments as ids and at least one, got "
                + segments.length
                + " and "
                + ids.length);
      }
    }

    /** A single text. */
    public static Input of(int[] ids, int... scored) {
      return new Input(ids, new int[ids.length], scored);
    }
  }

  private static final int NONE = -1;

  private final Model model;
  private final WeightFormat format;
  private final Page page;
  private final Script script;
  private final Weights weights;
  private final Head head;
  private final int transform; // the head's dense layer among the linear layers
  private final int projection; // of narrow embeddings to D, among the linear layers, or NONE
  private final Object[] shape; // sizes, norms and epsilon, as the page's methods take them
  private final Pace pace;

  private EncoderSession(Model model, WeightFormat format) {
    this.model = model;
    this.format = format;
    Config config = model.config();
    this.page = new Page("linear.py", "activation.py", "attention.py", "head.py", "bert.py");
    this.script = page.script;
    this.weights = page.weights;
    try {
      List<NDArray> norms = new ArrayList<>();
      addNorm(norms, shared(Role.EMBEDDING_NORM));
      for (Block block : model.blocks()) {
        weights.linear(format, block, Role.QUERY, Role.KEY, Role.VALUE);
        weights.linear(format, block, Role.OUTPUT);
        weights.linear(format, block, Role.UP);
        weights.linear(format, block, Role.DOWN);
        addNorm(norms, block.parameter(Role.ATTENTION_NORM));
        addNorm(norms, block.parameter(Role.FFN_NORM));
      }
      transform = weights.linear(format, List.of(shared(Role.HEAD_TRANSFORM)));
      addNorm(norms, shared(Role.HEAD_NORM));
      Parameter wide = model.shared().get(Role.PROJECT_IN);
      projection = wide == null ? NONE : weights.linear(format, List.of(wide));
      head = new Head(script, weights, format, headOf(model), config.head().softCap());
      pace = Pace.of(model);
      long[] sizes = {
        config.attention().heads(),
        config.attention().headWidth(),
        Activation.of(model).ordinal(),
        headActivation(model).ordinal()
      };
      shape = new Object[] {Script.value(sizes), Script.value(norms), config.normEpsilon()};
      page.shape(shape);
    } catch (RuntimeException e) {
      page.close();
      throw e;
    }
  }

  /** Opens a masked language model. */
  public static EncoderSession open(Model model, WeightFormat format) {
    if (model.config().family().kind() != Family.Kind.MASKED) {
      throw new IllegalArgumentException(
          model.lineage().name()
              + " is "
              + model.config().family().kind().described()
              + " ("
              + model.config().family().modelType()
              + "), a masked one is needed here");
    }
    return new EncoderSession(model, format);
  }

  /** RoBERTa's head has its own, whatever the blocks have. */
  private static Activation headActivation(Model model) {
    return model.config().family() == Family.ROBERTA ? Activation.GELU : Activation.of(model);
  }

  private Parameter shared(Role role) {
    Parameter parameter = model.shared().get(role);
    if (parameter == null) {
      throw new IllegalArgumentException(model.lineage().name() + " has no " + role);
    }
    return parameter;
  }

  private void addNorm(List<NDArray> norms, Parameter norm) {
    norms.add(weights.array(norm.weight()));
    norms.add(weights.array(norm.bias()));
  }

  private Parameter headOf(Model model) {
    Parameter own = model.shared().get(Role.HEAD);
    Tensor tied = shared(Role.TOKEN_EMBEDDING).weight();
    if (own == null) {
      return Parameter.of(tied);
    }
    return own.weight() == null ? own.withWeight(tied) : own;
  }

  /**
   * The head's logits at the scored positions alone.
   *
   * @return one row of V logits for each scored position, in the order of the inputs
   */
  public float[][] logits(List<Input> batch) {
    // Equal lengths side by side: each run attends in one product.
    List<Integer> order =
        IntStream.range(0, batch.size())
            .boxed()
            .sorted(Comparator.comparingInt(i -> batch.get(i).ids().length))
            .toList();
    List<Input> sorted = order.stream().map(batch::get).toList();
    int[] firstRow = new int[batch.size()];
    List<Integer> rows = new ArrayList<>();
    int start = 0;
    for (int s = 0; s < sorted.size(); s++) {
      Input input = sorted.get(s);
      firstRow[order.get(s)] = rows.size();
      for (int position : input.scored()) {
        if (position < 0 || position >= input.ids().length) {
          throw outOf(input, position);
        }
        rows.add(start + position);
      }
      start += input.ids().length;
    }
    if (rows.isEmpty()) {
      return new float[0][];
    }
    try (PtNDManager scratch = page.scratch()) {
      NDArray x = runForHead(scratch, sorted, rows);
      float[][] read = head.logits(scratch, readOut(scratch, x));
      List<float[]> inOrder = new ArrayList<>();
      for (int i = 0; i < batch.size(); i++) {
        for (int k = 0; k < batch.get(i).scored().length; k++) {
          inOrder.add(read[firstRow[i] + k]);
        }
      }
      return inOrder.toArray(float[][]::new);
    }
  }

  /** As {@link #logits} of one input, a few rows at a time. */
  public Readout read(Input input) {
    List<Integer> rows = IntStream.of(input.scored()).boxed().toList();
    rows.forEach(
        position -> {
          if (position < 0 || position >= input.ids().length) {
            throw outOf(input, position);
          }
        });
    List<Input> alone = List.of(input);
    return Readout.of(page.scratch(), head, s -> readOut(s, runForHead(s, alone, rows)));
  }

  private static IllegalArgumentException outOf(Input input, int position) {
    return new IllegalArgumentException(
        "a scored position must be in [0, " + input.ids().length + "), was " + position);
  }

  /** One forward pass with everything it went through. */
  public Trace trace(int[] ids, int[] segments) {
    List<Input> batch = List.of(new Input(ids, segments, new int[0]));
    try (PtNDManager scratch = page.scratch()) {
      NDArray x = embed(scratch, batch);
      float[] embeddings = x.toFloatArray();
      List<float[]> blocks = new ArrayList<>();
      for (int l = 0; l < model.blocks().size(); l++) {
        x = run(scratch, x, l, l + 1, batch);
        blocks.add(x.toFloatArray());
      }
      NDArray hidden = readOut(scratch, x);
      float[] logits = Trace.flat(head.logits(scratch, hidden));
      return new Trace(embeddings, blocks, x.toFloatArray(), logits);
    }
  }

  private NDArray embed(PtNDManager scratch, List<Input> batch) {
    Config config = model.config();
    int width = config.embeddings().width();
    int total = batch.stream().mapToInt(i -> i.ids().length).sum();
    float[] sum = new float[total * width];
    float[] row = new float[width];
    int at = 0;
    for (Input input : batch) {
      if (input.ids().length > config.maxPositions()) {
        throw new IllegalArgumentException(
            "the model has "
                + config.maxPositions()
                + " positions, a sequence has "
                + input.ids().length
                + ": shorten the text");
      }
      int position = config.embeddings().positionOffset();
      int padding = position - 1; // its id, and the row of its position
      for (int t = 0; t < input.ids().length; t++) {
        add(Role.TOKEN_EMBEDDING, input.ids()[t], row, sum, at);
        if (config.embeddings().segments() > 0) {
          add(Role.SEGMENT_EMBEDDING, input.segments()[t], row, sum, at);
        }
        // A text may hold RoBERTa's padding token: it has a row of its own and counts for nothing.
        boolean counts = input.ids()[t] != padding;
        add(Role.POSITION_EMBEDDING, counts ? position++ : padding, row, sum, at);
        at += width;
      }
    }
    NDArray summed = scratch.create(sum, new Shape(total, width));
    NDArray normed = script.array(scratch, "embed", summed, shape[1], shape[2]);
    return projection == NONE
        ? normed
        : script.array(
            scratch, "lin", Weights.concat(new Object[] {normed, projection}, weights.arguments()));
  }

  private void add(Role table, int index, float[] row, float[] sum, int at) {
    Tensor embedding = shared(table).weight();
    if (index < 0 || index >= embedding.shape().rows()) {
      throw new IllegalArgumentException(
          table + " has " + embedding.shape().rows() + " rows, index was " + index);
    }
    embedding.read((long) index * row.length, row, 0, row.length);
    for (int i = 0; i < row.length; i++) {
      sum[at + i] += row[i];
    }
  }

  /** All blocks, the last one for the rows that the head reads alone. */
  private NDArray runForHead(PtNDManager scratch, List<Input> sorted, List<Integer> rows) {
    int last = model.blocks().size() - 1;
    NDArray x = run(scratch, embed(scratch, sorted), 0, last, sorted);
    NDArray at = scratch.create(rows.stream().mapToLong(Integer::longValue).toArray());
    Object[] own = Weights.concat(new Object[] {x, last, at}, runs(sorted).arguments());
    return script.array(scratch, "run_last", page.arguments(own));
  }

  private NDArray run(PtNDManager scratch, NDArray x, int from, int to, List<Input> sorted) {
    int tokens = (int) x.getShape().get(0);
    Object[] runs = runs(sorted).arguments();
    NDArray out = x;
    for (int l = from; l < to; l = pace.next(l, to, tokens)) {
      Interrupted.check("a forward pass");
      Object[] own = {out, l, pace.next(l, to, tokens)};
      out = script.array(scratch, "run", page.arguments(Weights.concat(own, runs)));
    }
    return out;
  }

  private static EqualLengths runs(List<Input> sorted) {
    return EqualLengths.of(sorted.stream().mapToInt(input -> input.ids().length).toArray());
  }

  private NDArray readOut(PtNDManager scratch, NDArray x) {
    return script.array(scratch, "read_out", page.arguments(x, transform));
  }

  @Override
  public Model model() {
    return model;
  }

  @Override
  public WeightFormat format() {
    return format;
  }

  @Override
  public void close() {
    page.close();
  }
}
