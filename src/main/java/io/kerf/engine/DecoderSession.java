package io.kerf.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import io.kerf.model.Block;
import io.kerf.model.Config;
import io.kerf.model.Family;
import io.kerf.model.Model;
import io.kerf.model.Parameter;
import io.kerf.model.Role;
import io.kerf.progress.Interrupted;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** A causal language model ready to run. */
public final class DecoderSession implements Session {
  private static final int TRIANGLE = 128; // rows of a long sequence that attend at a time
  private static final int NONE = -1;

  /**
   * A token whose log-probability is wanted.
   *
   * @param tree index of the tree in the batch
   * @param node after which node it would follow
   * @param token its id
   */
  public record Target(int tree, int node, int token) {}

  /**
   * A place in a batch of trees.
   *
   * @param tree index of the tree in the batch
   * @param node of that tree
   */
  public record Node(int tree, int node) {}

  /**
   * What the model says of targets; index i is target i.
   *
   * @param logProbabilities natural log
   * @param greedy whether the target is the most likely token there
   */
  public record Scores(float[] logProbabilities, boolean[] greedy) {}

  private final Model model;
  private final WeightFormat format;
  final Page page;
  final Script script;
  private final Weights weights;
  final Head head;
  private final InputEmbedding embedding;
  private final int projectIn; // among the linear layers, or NONE
  private final int projectOut;
  private final Object[] shape; // sizes, windows, scales, ..., as the page's methods take them
  private final Object[] ending; // norms and epsilon
  private final NDArray triangle;
  private final Pace pace;
  private final boolean windows; // whether a block looks back no further than a window
  private List<NDArray> turns = List.of(); // cosines and sines, (S, R) each, see decoder.py
  private int turned; // S, grown to the longest sequence seen

  private DecoderSession(Model model, WeightFormat format, Page page) {
    this.model = model;
    this.format = format;
    this.page = page;
    this.script = page.script;
    this.weights = page.weights;
    try {
      this.embedding = new InputEmbedding(model);
      Config config = model.config();
      Activation activation = Activation.of(model);
      boolean gated = model.blocks().get(0).parameters().containsKey(Role.GATE);
      for (Block block : model.blocks()) {
        weights.linear(format, block, Role.QUERY, Role.KEY, Role.VALUE);
        weights.linear(format, block, Role.OUTPUT);
        if (gated) {
          weights.gated(format, block.parameter(Role.GATE), block.parameter(Role.UP));
        } else {
          weights.linear(format, block, Role.UP);
        }
        weights.linear(format, block, Role.DOWN);
      }
      projectIn = projection(Role.PROJECT_IN);
      projectOut = projection(Role.PROJECT_OUT);
      head = new Head(script, weights, format, headOf(model), config.head().softCap());
      Config.Attention attention = config.attention();
      long[] sizes = {
        attention.heads(),
        attention.keyValueHeads(),
        attention.headWidth(),
        config.norms().order().ordinal(),
        gated ? 1 : 0,
        activation.ordinal()
      };
      long[] limits = new long[model.blocks().size()];
      double[] scales = new double[limits.length];
      for (int l = 0; l < limits.length; l++) {
        int origin = model.blocks().get(l).origin();
        limits[l] = attention.window().limits(origin) ? attention.window().tokens() : 0;
        scales[l] = attention.scale(origin);
      }
      windows = Arrays.stream(limits).anyMatch(limit -> limit > 0);
      IValue norms = Script.value(new DecoderNorms(page, model).arrays());
      ending = new Object[] {norms, config.normEpsilon()};
      shape =
          new Object[] {
            Script.value(sizes),
            Script.value(limits),
            Script.value(scales),
            attention.softCap(),
            norms,
            config.normEpsilon()
          };
      pace = Pace.of(model);
      page.shape(shape);
      triangle = page.memory.create(triangle(), new Shape(TRIANGLE, TRIANGLE));
    } catch (RuntimeException e) {
      page.close();
      throw e;
    }
  }

  /**
   * Adds a linear layer between the token embedding's width and the model's, where there is one.
   */
  private int projection(Role role) {
    Parameter layer = model.shared().get(role);
    return layer == null ? NONE : weights.linear(Head.held(format), List.of(layer));
  }

  /** Opens a causal language model. */
  public static DecoderSession open(Model model, WeightFormat format) {
    if (model.config().family().kind() != Family.Kind.CAUSAL) {
      throw new IllegalArgumentException(
          model.lineage().name()
              + " is "
              + model.config().family().kind().described()
              + " ("
              + model.config().family().modelType()
              + "), a causal one is needed here");
    }
    return new DecoderSession(model, format, new Page(page(model)));
  }

  /** Opens one that learns. */
  static DecoderSession learning(Model model, Learning how) {
    return new DecoderSession(model, WeightFormat.FLOAT32, new Page(how, model, page(model)));
  }

  private static String[] page(Model model) {
    String norm = model.config().norms().centred() ? "layer_norm.py" : "rms_norm.py";
    return new String[] {
      "linear.py",
      "activation.py",
      "feed_forward.py",
      "attention.py",
      "head.py",
      "sampling.py",
      norm,
      "decoder.py"
    };
  }

  /** Opens a model of the same configuration that shares this one's native tensors. */
  DecoderSession beside(Model other) {
    return new DecoderSession(other, format, page.beside());
  }

  private static Parameter headOf(Model model) {
    Parameter own = model.shared().get(Role.HEAD);
    Parameter embedding = model.shared().get(Role.TOKEN_EMBEDDING);
    if (own == null) {
      return embedding;
    }
    return own.weight() == null ? own.withWeight(embedding.weight()) : own; // tied, with a bias
  }

  private static float[] triangle() {
    float[] mask = new float[TRIANGLE * TRIANGLE];
    for (int row = 0; row < TRIANGLE; row++) {
      Arrays.fill(mask, row * TRIANGLE + row + 1, (row + 1) * TRIANGLE, Float.NEGATIVE_INFINITY);
    }
    return mask;
  }

  /**
   * Computes every node of every tree once and the head only where a target follows. Trees are laid
   * end to end, never padded: a score does not depend on what else is in the batch (1e-5).
   */
  public Scores score(List<TokenTree> batch, List<Target> targets) {
    return scored(null, batch, targets);
  }

  /** As {@link #score(List, List)}, every tree after that prefix: what it costs is theirs alone. */
  public Scores score(Prefix prefix, List<TokenTree> batch, List<Target> targets) {
    prefix.requireOpenIn(this);
    return scored(prefix, batch, targets);
  }

  private Scores scored(Prefix prefix, List<TokenTree> trees, List<Target> targets) {
    TreeBatch batch = batch(prefix, trees);
    ScoredRows wanted = ScoredRows.of(batch, targets, model.config().vocabulary());
    if (targets.isEmpty()) {
      return new Scores(new float[0], new boolean[0]);
    }
    try (PtNDManager scratch = page.scratch()) {
      NDArray hidden = forward(scratch, prefix, batch, wanted.read());
      return head.score(scratch, hidden, wanted.rows(), wanted.tokens());
    }
  }

  /** The logits after each of these nodes: a row of V for each {@code nodes[i]} of a tree. */
  public float[][] logits(TokenTree tree, int... nodes) {
    return logits(List.of(tree), IntStream.of(nodes).mapToObj(n -> new Node(0, n)).toList());
  }

  /** The logits after each of these nodes: a row of V for each. */
  public float[][] logits(List<TokenTree> batch, List<Node> nodes) {
    return read(null, batch, nodes);
  }

  /** As {@link #logits(List, List)}, every tree after that prefix. */
  public float[][] logits(Prefix prefix, List<TokenTree> batch, List<Node> nodes) {
    prefix.requireOpenIn(this);
    return read(prefix, batch, nodes);
  }

  private float[][] read(Prefix prefix, List<TokenTree> trees, List<Node> nodes) {
    if (nodes.isEmpty()) {
      return new float[0][];
    }
    TreeBatch batch = batch(prefix, trees);
    List<Integer> read = ScoredRows.of(batch, nodes);
    try (PtNDManager scratch = page.scratch()) {
      return head.logits(scratch, forward(scratch, prefix, batch, read));
    }
  }

  private static TreeBatch batch(Prefix prefix, List<TokenTree> trees) {
    return new TreeBatch(trees, prefix == null ? 0 : prefix.length());
  }

  /** Computes tokens once, for all that follows them. */
  public Prefix prefix(int... ids) {
    return kept(null, ids);
  }

  /** Computes tokens that follow a prefix, which stays as it is and has to stay open. */
  public Prefix prefix(Prefix before, int... ids) {
    before.requireOpenIn(this);
    return kept(before, ids);
  }

  private Prefix kept(Prefix before, int[] ids) {
    if (ids.length == 0) {
      throw new IllegalArgumentException("a prefix needs at least one token");
    }
    TreeBatch batch = batch(before, List.of(TokenTree.chain(ids)));
    Prefix prefix = new Prefix(this, page.scratch(), before, ids.length);
    try (PtNDManager scratch = page.scratch()) {
      Object[] layout = layout(scratch, before, batch);
      NDArray x = embed(scratch, ids, batch.positions());
      keep(scratch, x, 0, model.blocks().size(), prefix, layout);
      return prefix;
    } catch (RuntimeException e) {
      prefix.close();
      throw e;
    }
  }

  /** As {@link #logits}, a few rows at a time. */
  public Readout read(TokenTree tree, int... nodes) {
    TreeBatch batch = batch(null, List.of(tree));
    List<Integer> rows = IntStream.of(nodes).mapToObj(n -> batch.row(0, n)).toList();
    return Readout.of(page.scratch(), head, s -> forward(s, null, batch, rows));
  }

  /**
   * Greedy generation with a key/value cache.
   *
   * @param prompt at least one token
   * @param stopAtEos whether the end-of-sequence token ends it (and is not returned)
   * @return the new ids, at most {@code newTokens} of them
   */
  public int[] generate(int[] prompt, int newTokens, boolean stopAtEos) {
    requireRoom(prompt, newTokens);
    int[] generated = new int[newTokens];
    int count = 0;
    try (PtNDManager scratch = page.scratch()) {
      int capacity = prompt.length + newTokens;
      List<NDArray> keys = cache(scratch, capacity);
      List<NDArray> values = cache(scratch, capacity);
      rotations(capacity);
      int[] next = prompt;
      int past = 0;
      while (count < newTokens) {
        Interrupted.check("generation");
        int token;
        try (PtNDManager step = (PtNDManager) scratch.newSubManager()) {
          NDArray x = embed(step, next, positions(past, next.length));
          token = head.likeliest(last(step, x, past, keys, values));
        }
        if (stopAtEos && token == model.config().special().eos()) {
          break;
        }
        generated[count++] = token;
        past += next.length;
        next = new int[] {token};
      }
    }
    return Arrays.copyOf(generated, count);
  }

  /** Fails if so many tokens cannot follow a prompt. */
  void requireRoom(int[] prompt, int newTokens) {
    if (prompt.length == 0) {
      throw new IllegalArgumentException("a prompt needs at least one token, for instance bos");
    }
    embedding.requireRoom(prompt.length, newTokens);
  }

  /** Runs the next tokens of a sequence; what the head reads after the last, (1, D). */
  NDArray last(PtNDManager scratch, NDArray x, int past, List<NDArray> keys, List<NDArray> values) {
    Object[] own = {x, past, turns, keys, values, triangle};
    NDArray out = script.array(scratch, "step", page.arguments(own));
    int rows = (int) x.getShape().get(0);
    return readOut(scratch, script.array(scratch, "rows", out, rows - 1, 1));
  }

  /** An array of a block's keys or values, (K, S, E), for each block. */
  List<NDArray> cache(PtNDManager scratch, int capacity) {
    Config.Attention attention = model.config().attention();
    Shape size = new Shape(attention.keyValueHeads(), capacity, attention.headWidth());
    return caches(scratch, size);
  }

  /** As {@link #cache}, of so many sequences side by side, (B, K, S, E). */
  List<NDArray> cache(PtNDManager scratch, int sequences, int capacity) {
    Config.Attention attention = model.config().attention();
    return caches(
        scratch, new Shape(sequences, attention.keyValueHeads(), capacity, attention.headWidth()));
  }

  private List<NDArray> caches(PtNDManager scratch, Shape size) {
    List<NDArray> layers = new ArrayList<>();
    for (int l = 0; l < model.blocks().size(); l++) {
      layers.add(scratch.create(size, DataType.FLOAT32));
    }
    return layers;
  }

  /** One forward pass with everything it went through. */
  public Trace trace(int[] ids) {
    TreeBatch batch = batch(null, List.of(TokenTree.chain(ids)));
    try (PtNDManager scratch = page.scratch()) {
      Object[] layout = layout(scratch, null, batch);
      NDArray x = embed(scratch, ids, batch.positions());
      float[] embeddings = x.toFloatArray();
      List<float[]> blocks = new ArrayList<>();
      for (int l = 0; l < model.blocks().size(); l++) {
        x = run(scratch, x, l, l + 1, ids.length, layout);
        blocks.add(x.toFloatArray());
      }
      NDArray hidden = readOut(scratch, x);
      return new Trace(
          embeddings, blocks, hidden.toFloatArray(), Trace.flat(head.logits(scratch, hidden)));
    }
  }

  /** The hidden states that the head reads in these rows of the batch. */
  private NDArray forward(PtNDManager scratch, Prefix prefix, TreeBatch batch, List<Integer> read) {
    Object[] layout = layout(scratch, prefix, batch);
    int last = model.blocks().size() - 1;
    NDArray embedded = embed(scratch, batch.ids(), batch.positions());
    NDArray x = run(scratch, embedded, 0, last, batch.size(), layout);
    NDArray rows = scratch.create(read.stream().mapToLong(Integer::longValue).toArray());
    return readOut(scratch, runLast(scratch, x, last, rows, layout));
  }

  /** The last block, which is finished in some rows alone. */
  NDArray runLast(PtNDManager scratch, NDArray x, int last, NDArray rows, Object[] layout) {
    Object[] own = Weights.concat(new Object[] {x, last, rows}, layout);
    return script.array(scratch, "run_last", page.arguments(own));
  }

  /** Runs blocks over one sequence whose keys and values are kept for those that follow it. */
  NDArray keep(PtNDManager scratch, NDArray x, int from, int to, Prefix into, Object[] layout) {
    int tokens = (int) x.getShape().get(0);
    NDArray out = x;
    for (int l = from; l < to; l = pace.next(l, to, tokens)) {
      Interrupted.check("a forward pass");
      Object[] own = {out, l, pace.next(l, to, tokens), into.ownKeys(), into.ownValues()};
      out = script.array(scratch, "keep", page.arguments(Weights.concat(own, layout)));
    }
    return out;
  }

  /** Where the batch's tokens stand and what they see, as the page's methods take it. */
  Object[] layout(PtNDManager scratch, Prefix prefix, TreeBatch batch) {
    rotations(batch.reach());
    return new Object[] {
      scratch.create(Arrays.stream(batch.positions()).asLongStream().toArray()),
      turns,
      batch.starts(),
      batch.masks(scratch, windows ? model.config().attention().window().tokens() : 0),
      Prefix.keys(prefix),
      Prefix.values(prefix),
      triangle
    };
  }

  NDArray run(PtNDManager scratch, NDArray x, int from, int to, int tokens, Object[] layout) {
    NDArray out = x;
    for (int l = from; l < to; l = pace.next(l, to, tokens)) {
      Interrupted.check("a forward pass");
      Object[] own = {out, l, pace.next(l, to, tokens)};
      out = script.array(scratch, "run", page.arguments(Weights.concat(own, layout)));
    }
    return out;
  }

  /** What the head reads: after the last norm, at the width of the token embedding. */
  NDArray readOut(PtNDManager scratch, NDArray x) {
    NDArray normed = script.array(scratch, "read_out", x, ending[0], ending[1]);
    return projectOut == NONE ? normed : linear(scratch, normed, projectOut);
  }

  /** Whether a layer leads from the token embedding to the model's width. */
  boolean widens() {
    return projectIn != NONE;
  }

  /** That layer: x (N, the embedding's width) -> (N, D). */
  NDArray widen(PtNDManager scratch, NDArray x) {
    return linear(scratch, x, projectIn);
  }

  private NDArray linear(PtNDManager scratch, NDArray x, int layer) {
    return script.array(
        scratch, "lin", Weights.concat(new Object[] {x, layer}, weights.arguments()));
  }

  /** The tokens' embeddings and those of their positions, where these are embedded: (N, D). */
  NDArray embed(PtNDManager scratch, int[] ids, int[] positions) {
    for (int id : ids) {
      ScoredRows.checkedToken(id, model.config().vocabulary());
    }
    int width = model.config().width();
    if (projectIn == NONE) {
      return scratch.create(embedding.sum(ids, positions), new Shape(ids.length, width));
    }
    Shape narrow = new Shape(ids.length, model.config().embeddings().width());
    NDArray x = widen(scratch, scratch.create(embedding.tokens(ids), narrow));
    NDArray at = scratch.create(embedding.positions(positions), new Shape(ids.length, width));
    return script.array(scratch, "sum_of", x, at);
  }

  static int[] positions(int from, int count) {
    int[] positions = new int[count];
    Arrays.setAll(positions, i -> from + i);
    return positions;
  }

  /** Cosines and sines that reach that many positions. */
  List<NDArray> rotations(int positions) {
    if (model.config().rotary() == null || positions <= turned) {
      return turns;
    }
    int grown = Math.max(positions, Math.max(2 * turned, 512));
    turns.forEach(NDArray::close);
    turns = new ArrayList<>();
    for (Rotation rotation : Rotation.of(model.config().rotary(), windows, grown)) {
      Shape size = new Shape(grown, model.config().rotary().width());
      turns.add(page.memory.create(rotation.cosines(), size));
      turns.add(page.memory.create(rotation.sines(), size));
    }
    turned = grown;
    return turns;
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
