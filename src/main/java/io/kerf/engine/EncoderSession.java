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
import java.util.List;

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

  /** What a token's embedding is the sum of, in order; the last only where there are segments. */
  private static final List<Role> TABLES =
      List.of(Role.TOKEN_EMBEDDING, Role.POSITION_EMBEDDING, Role.SEGMENT_EMBEDDING);

  private static final String[] PAGE = {
    "linear.py", "activation.py", "feed_forward.py", "attention.py", "head.py", "bert.py"
  };

  private final Model model;
  private final WeightFormat format;
  final Page page;
  private final Script script;
  private final Weights weights;
  final Head head;
  private final int transform; // the head's dense layer among the linear layers
  private final int projection; // of narrow embeddings to D, among the linear layers, or NONE
  private final Object[] shape; // sizes, norms and epsilon, as the page's methods take them
  private final Pace pace;

  private EncoderSession(Model model, WeightFormat format, Page page) {
    this.model = model;
    this.format = format;
    this.page = page;
    this.script = page.script;
    this.weights = page.weights;
    try {
      Config config = model.config();
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
    return new EncoderSession(model, format, new Page(PAGE));
  }

  /** Opens one that learns. */
  static EncoderSession learning(Model model, Learning how) {
    return new EncoderSession(model, WeightFormat.FLOAT32, new Page(how, model, PAGE));
  }

  /** Opens a model of the same configuration that shares this one's native tensors. */
  EncoderSession beside(Model other) {
    return new EncoderSession(other, format, page.beside());
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
    List<float[][]> alone = new ArrayList<>();
    logits(List.of(this), BlockTree.alone(model), batch, (member, rows, nanos) -> alone.add(rows));
    return alone.get(0);
  }

  /**
   * The logits of the tree's members at the scored positions.
   *
   * @param sessions by the tree's indices
   */
  static void logits(
      List<EncoderSession> sessions,
      BlockTree tree,
      List<Input> batch,
      Ensemble.Told<float[][]> told) {
    EncoderBatch laid = EncoderBatch.of(batch);
    if (laid.rows().length == 0) {
      tree.members().forEach(member -> told.told(member, new float[0][], 0));
      return;
    }
    try (PtNDManager scratch = sessions.get(tree.members().get(0)).page.scratch()) {
      List<Passage> passages = sessions.stream().map(s -> s.new Passage(scratch, laid)).toList();
      tree.run(
          passages,
          (member, read, nanos) -> {
            long start = System.nanoTime();
            EncoderSession session = sessions.get(member);
            float[][] rows = session.head.logits(scratch, session.readOut(scratch, read));
            told.told(member, laid.inOrder(rows), nanos + System.nanoTime() - start);
          });
    }
  }

  private final class Passage implements BlockTree.Passage<NDArray> {
    private final PtNDManager scratch;
    private final EncoderBatch laid;

    Passage(PtNDManager scratch, EncoderBatch laid) {
      this.scratch = scratch;
      this.laid = laid;
    }

    @Override
    public NDArray start() {
      return embed(scratch, laid.sorted());
    }

    @Override
    public NDArray run(NDArray x, int from, int to) {
      return EncoderSession.this.run(scratch, x, from, to, laid.runs());
    }

    @Override
    public NDArray runLast(NDArray x, int last) {
      return EncoderSession.this.runLast(scratch, x, last, laid);
    }

    @Override
    public NDArray read(NDArray x) {
      return script.array(scratch, "chosen", x, scratch.create(laid.rows()));
    }
  }

  /** As {@link #logits} of one input, a few rows at a time. */
  public Readout read(Input input) {
    EncoderBatch laid = EncoderBatch.of(List.of(input));
    int last = model.blocks().size() - 1;
    return Readout.of(
        page.scratch(),
        head,
        scratch -> {
          Passage passage = new Passage(scratch, laid);
          NDArray x = passage.run(passage.start(), 0, last);
          return readOut(scratch, passage.runLast(x, last));
        });
  }

  /** One forward pass with everything it went through. */
  public Trace trace(int[] ids, int[] segments) {
    List<Input> batch = List.of(new Input(ids, segments, new int[0]));
    EqualLengths runs = EqualLengths.of(ids.length);
    try (PtNDManager scratch = page.scratch()) {
      NDArray x = embed(scratch, batch);
      float[] embeddings = x.toFloatArray();
      List<float[]> blocks = new ArrayList<>();
      for (int l = 0; l < model.blocks().size(); l++) {
        x = run(scratch, x, l, l + 1, runs);
        blocks.add(x.toFloatArray());
      }
      NDArray hidden = readOut(scratch, x);
      float[] logits = Trace.flat(head.logits(scratch, hidden));
      return new Trace(embeddings, blocks, x.toFloatArray(), logits);
    }
  }

  private NDArray embed(PtNDManager scratch, List<Input> batch) {
    int width = model.config().embeddings().width();
    List<long[]> places = places(batch);
    float[] sum = new float[places.get(0).length * width];
    float[] row = new float[width];
    for (int table = 0; table < places.size(); table++) {
      long[] rows = places.get(table);
      for (int t = 0; t < rows.length; t++) {
        add(TABLES.get(table), rows[t], row, sum, t * width);
      }
    }
    return normed(scratch, scratch.create(sum, new Shape(places.get(0).length, width)));
  }

  /** The norm of summed embeddings and, where they are narrow, the layer that widens them. */
  NDArray normed(PtNDManager scratch, NDArray summed) {
    NDArray normed = script.array(scratch, "embed", summed, shape[1], shape[2]);
    return projection == NONE
        ? normed
        : script.array(
            scratch, "lin", Weights.concat(new Object[] {normed, projection}, weights.arguments()));
  }

  /** Which rows of the tables of {@link #TABLES} a batch's tokens are the sums of. */
  List<NDArray> places(PtNDManager scratch, List<Input> batch) {
    List<long[]> places = places(batch);
    for (int table = 0; table < places.size(); table++) {
      for (long row : places.get(table)) {
        checked(TABLES.get(table), row);
      }
    }
    return places.stream().map(scratch::create).toList();
  }

  private List<long[]> places(List<Input> batch) {
    Config config = model.config();
    int total = batch.stream().mapToInt(i -> i.ids().length).sum();
    long[] tokens = new long[total];
    long[] positions = new long[total];
    long[] segments = new long[total];
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
        tokens[at] = input.ids()[t];
        segments[at] = input.segments()[t];
        // A text may hold RoBERTa's padding token: it has a row of its own and counts for nothing.
        boolean counts = input.ids()[t] != padding;
        positions[at++] = counts ? position++ : padding;
      }
    }
    return config.embeddings().segments() > 0
        ? List.of(tokens, positions, segments)
        : List.of(tokens, positions);
  }

  private Tensor checked(Role table, long index) {
    Tensor embedding = shared(table).weight();
    if (index < 0 || index >= embedding.shape().rows()) {
      throw new IllegalArgumentException(
          table + " has " + embedding.shape().rows() + " rows, index was " + index);
    }
    return embedding;
  }

  private void add(Role table, long index, float[] row, float[] sum, int at) {
    checked(table, index).read(index * row.length, row, 0, row.length);
    for (int i = 0; i < row.length; i++) {
      sum[at + i] += row[i];
    }
  }

  NDArray run(PtNDManager scratch, NDArray x, int from, int to, EqualLengths lengths) {
    int tokens = (int) x.getShape().get(0);
    Object[] runs = lengths.arguments();
    NDArray out = x;
    for (int l = from; l < to; l = pace.next(l, to, tokens)) {
      Interrupted.check("a forward pass");
      Object[] own = {out, l, pace.next(l, to, tokens)};
      out = script.array(scratch, "run", page.arguments(Weights.concat(own, runs)));
    }
    return out;
  }

  /** The last block, which is finished in those rows alone that the head reads. */
  NDArray runLast(PtNDManager scratch, NDArray x, int last, EncoderBatch laid) {
    Object[] own = {x, last, scratch.create(laid.rows())};
    return script.array(
        scratch, "run_last", page.arguments(Weights.concat(own, laid.runs().arguments())));
  }

  NDArray readOut(PtNDManager scratch, NDArray x) {
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
