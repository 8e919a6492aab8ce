package io.kerf.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import io.kerf.engine.DecoderSession.Scores;
import io.kerf.model.Block;
import io.kerf.model.Config;
import io.kerf.model.Family;
import io.kerf.model.Model;
import io.kerf.model.Parameter;
import io.kerf.model.RelativePositions;
import io.kerf.model.Role;
import io.kerf.model.Stack;
import io.kerf.progress.Interrupted;
import io.kerf.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * An encoder-decoder ready to run: the encoder once for each distinct context, the head where
 * something is scored. Sequences are laid end to end, never padded, so a result does not depend on
 * what else is in the batch (1e-5).
 */
public final class EncoderDecoderSession implements Session {
  /** A label that is not scored, as transformers has it. */
  public static final int IGNORED = Example.IGNORED;

  private static final String[] PAGE = {
    "linear.py", "activation.py", "feed_forward.py", "attention.py", "head.py", "t5.py"
  };

  /**
   * One input.
   *
   * @param context what the encoder reads, at least one id
   * @param decoded what the decoder has so far, its start token first
   * @param scored the positions in {@code decoded} after which logits are wanted
   */
  public record Input(int[] context, int[] decoded, int... scored) {
    public Input {
      if (context.length == 0 || decoded.length == 0) {
        throw new IllegalArgumentException(
            "an input needs at least one id for the encoder and one for the decoder, got "
                + context.length
                + " and "
                + decoded.length);
      }
      for (int position : scored) {
        if (position < 0 || position >= decoded.length) {
          throw new IllegalArgumentException(
              "a scored position must be in [0, " + decoded.length + "), was " + position);
        }
      }
    }
  }

  /**
   * A token whose log-probability is wanted.
   *
   * @param input index of the input in the batch
   * @param position in what the decoder has, after which it would follow
   * @param token its id
   */
  public record Target(int input, int position, int token) {}

  /**
   * A text whose tokens are scored after a context.
   *
   * @param context index of the context
   * @param tokens its ids, without a start token
   */
  public record Continuation(int context, int... tokens) {}

  /**
   * A forward pass of both stacks.
   *
   * @param encoder without logits
   * @param decoder its last hidden state is the one before the head's scale
   */
  public record Traces(Trace encoder, Trace decoder) {}

  private final Model model;
  private final WeightFormat format;
  final Page page;
  final Script script;
  private final Weights weights;
  final Head head;
  private final Tensor embedding; // (V, D), on the host: only the rows of a batch are needed
  private final NDArray encoderBias; // (buckets, H)
  private final NDArray decoderBias;
  final Object[] shape; // sizes, norms and epsilon, as the page's methods take them
  private final Pace pace;
  final int encoderBlocks;
  private final int decoderBlocks;

  private EncoderDecoderSession(Model model, WeightFormat format, Page page) {
    this.model = model;
    this.format = format;
    this.page = page;
    this.script = page.script;
    this.weights = page.weights;
    this.encoderBlocks = model.blocks(Stack.ENCODER).size();
    this.decoderBlocks = model.blocks(Stack.DECODER).size();
    try {
      this.embedding = shared(Role.TOKEN_EMBEDDING).weight();
      Config config = model.config();
      List<NDArray> norms = new ArrayList<>();
      boolean gated = model.blocks().get(0).parameters().containsKey(Role.GATE);
      for (Block block : model.blocks(Stack.ENCODER)) {
        addSelfAttention(block, norms);
        addFeedForward(block, norms, gated);
      }
      norms.add(weights.array(shared(Role.ENCODER_NORM).weight()));
      for (Block block : model.blocks(Stack.DECODER)) {
        addSelfAttention(block, norms);
        weights.linear(format, block, Role.CROSS_QUERY);
        weights.linear(format, block, Role.CROSS_KEY, Role.CROSS_VALUE);
        weights.linear(format, block, Role.CROSS_OUTPUT);
        norms.add(weights.array(block.parameter(Role.CROSS_NORM).weight()));
        addFeedForward(block, norms, gated);
      }
      norms.add(weights.array(shared(Role.FINAL_NORM).weight()));
      Parameter own = model.shared().get(Role.HEAD);
      Parameter used = own == null ? shared(Role.TOKEN_EMBEDDING) : own;
      head = new Head(script, weights, format, used, config.head().softCap());
      encoderBias = weights.array(shared(Role.ENCODER_POSITION_BIAS).weight());
      decoderBias = weights.array(shared(Role.DECODER_POSITION_BIAS).weight());
      long[] sizes = {
        config.attention().heads(),
        config.attention().headWidth(),
        Activation.ofGatedOrNot(model).ordinal(),
        gated ? 1 : 0,
        encoderBlocks
      };
      shape = new Object[] {Script.value(sizes), Script.value(norms), config.normEpsilon()};
      pace = Pace.of(model);
      page.shape(shape);
    } catch (RuntimeException e) {
      page.close();
      throw e;
    }
  }

  /** Opens an encoder-decoder. */
  public static EncoderDecoderSession open(Model model, WeightFormat format) {
    Family family = model.config().family();
    if (family.kind() != Family.Kind.ENCODER_DECODER) {
      throw new IllegalArgumentException(
          model.lineage().name()
              + " is "
              + family.kind().described()
              + " ("
              + family.modelType()
              + "), an encoder-decoder one is needed here");
    }
    return new EncoderDecoderSession(model, format, new Page(PAGE));
  }

  /** Opens one that learns. */
  static EncoderDecoderSession learning(Model model, Learning how) {
    return new EncoderDecoderSession(model, WeightFormat.FLOAT32, new Page(how, model, PAGE));
  }

  /** Opens a model of the same configuration that shares this one's native tensors. */
  EncoderDecoderSession beside(Model other) {
    return new EncoderDecoderSession(other, format, page.beside());
  }

  private void addSelfAttention(Block block, List<NDArray> norms) {
    weights.linear(format, block, Role.QUERY, Role.KEY, Role.VALUE);
    weights.linear(format, block, Role.OUTPUT);
    norms.add(weights.array(block.parameter(Role.ATTENTION_NORM).weight()));
  }

  private void addFeedForward(Block block, List<NDArray> norms, boolean gated) {
    Role[] roles = gated ? new Role[] {Role.GATE, Role.UP} : new Role[] {Role.UP};
    weights.linear(format, block, roles);
    weights.linear(format, block, Role.DOWN);
    norms.add(weights.array(block.parameter(Role.FFN_NORM).weight()));
  }

  private Parameter shared(Role role) {
    Parameter parameter = model.shared().get(role);
    if (parameter == null) {
      throw new IllegalArgumentException(model.lineage().name() + " has no " + role);
    }
    return parameter;
  }

  /** What the decoder reads where these are its labels: its start token, then all but the last. */
  public int[] decoderInput(int... labels) {
    int[] ids = new int[labels.length];
    for (int i = 0; i < ids.length; i++) {
      int before = i == 0 ? start() : labels[i - 1];
      ids[i] = before == IGNORED ? Math.max(0, model.config().special().pad()) : before;
    }
    return ids;
  }

  private int start() {
    int start = model.config().special().decoderStart();
    if (start < 0) {
      throw new IllegalArgumentException(
          model.lineage().name()
              + ": its configuration has neither decoder_start_token_id nor pad_token_id,"
              + " so its decoder has nothing to begin with");
    }
    return start;
  }

  /**
   * The logits that are wanted: a row of V for each scored position, in the order of the inputs.
   */
  public float[][] logits(List<Input> batch) {
    if (batch.stream().allMatch(input -> input.scored().length == 0)) {
      return new float[0][];
    }
    try (PtNDManager scratch = page.scratch()) {
      return head.logits(scratch, forward(scratch, batch));
    }
  }

  /** As {@link #logits} of one input, a few rows at a time. */
  public Readout read(Input input) {
    return Readout.of(page.scratch(), head, s -> forward(s, List.of(input)));
  }

  /** Log-probabilities of every continuation's tokens after its context, one for each token. */
  public List<Scores> score(List<int[]> contexts, List<Continuation> continuations) {
    List<Input> batch = new ArrayList<>();
    List<Target> targets = new ArrayList<>();
    List<Continuation> real = continuations.stream().filter(c -> c.tokens().length > 0).toList();
    for (Continuation continuation : real) {
      int[] ids = continuation.tokens();
      if (continuation.context() < 0 || continuation.context() >= contexts.size()) {
        throw new IllegalArgumentException(
            "a context must be in [0, " + contexts.size() + "), was " + continuation.context());
      }
      for (int t = 0; t < ids.length; t++) {
        targets.add(new Target(batch.size(), t, ids[t]));
      }
      batch.add(new Input(contexts.get(continuation.context()), decoderInput(ids)));
    }
    Scores all = scoreAll(batch, targets);
    List<Scores> apart = new ArrayList<>();
    int at = 0;
    for (Continuation continuation : continuations) {
      int end = at + continuation.tokens().length;
      apart.add(
          new Scores(
              Arrays.copyOfRange(all.logProbabilities(), at, end),
              Arrays.copyOfRange(all.greedy(), at, end)));
      at = end;
    }
    return apart;
  }

  /**
   * Log-probabilities of targets, one for each. Targets at the same place share its hidden state;
   * what the inputs themselves name as scored is not asked.
   */
  public Scores scoreAll(List<Input> batch, List<Target> targets) {
    if (targets.isEmpty()) {
      return new Scores(new float[0], new boolean[0]);
    }
    targets.forEach(target -> checked(target.token()));
    CrossTargets asked = CrossTargets.of(batch, targets);
    try (PtNDManager scratch = page.scratch()) {
      return head.score(scratch, forward(scratch, asked.asking()), asked.rows(), asked.tokens());
    }
  }

  /**
   * The mean negative log-likelihood of labels, in natural units.
   *
   * @param contexts what the encoder reads
   * @param labels for each context; those that are {@link #IGNORED} count for nothing
   */
  public double loss(List<int[]> contexts, List<int[]> labels) {
    if (contexts.size() != labels.size()) {
      throw new IllegalArgumentException(
          "every context needs labels, got " + contexts.size() + " and " + labels.size());
    }
    List<Input> batch = new ArrayList<>();
    List<Target> targets = new ArrayList<>();
    for (int i = 0; i < labels.size(); i++) {
      int[] row = labels.get(i);
      int input = i;
      batch.add(new Input(contexts.get(i), decoderInput(row)));
      IntStream.range(0, row.length)
          .filter(t -> row[t] != IGNORED)
          .forEach(t -> targets.add(new Target(input, t, row[t])));
    }
    if (targets.isEmpty()) {
      throw new IllegalArgumentException("no label is scored: all are " + IGNORED);
    }
    Scores scores = scoreAll(batch, targets);
    double sum = 0;
    for (float logProbability : scores.logProbabilities()) {
      sum -= logProbability;
    }
    return sum / targets.size();
  }

  /**
   * Greedy generation with a key/value cache; the context's keys and values are computed once.
   *
   * @param context what the encoder reads
   * @param stopAtEos whether the end-of-sequence token ends it (and is not returned)
   * @return the new ids, at most {@code newTokens} of them
   */
  public int[] generate(int[] context, int newTokens, boolean stopAtEos) {
    int[] generated = new int[newTokens];
    int count = 0;
    int next = start();
    try (PtNDManager scratch = page.scratch()) {
      NDArray encoded = encode(scratch, new CrossLayout(List.of(new Input(context, new int[1]))));
      Config.Attention attention = model.config().attention();
      Shape size = new Shape(attention.heads(), newTokens, attention.headWidth());
      List<NDArray> keys = new ArrayList<>();
      List<NDArray> values = new ArrayList<>();
      List<NDArray> across = new ArrayList<>();
      for (int l = 0; l < decoderBlocks; l++) {
        keys.add(scratch.create(size, DataType.FLOAT32));
        values.add(scratch.create(size, DataType.FLOAT32));
        across.add(script.array(scratch, "remembered", page.arguments(encoded, l)));
      }
      NDArray bias = bias(scratch, decoderBias, newTokens, false);
      while (count < newTokens) {
        Interrupted.check("generation");
        try (PtNDManager step = (PtNDManager) scratch.newSubManager()) {
          NDArray x = embed(step, next);
          NDArray out =
              script.array(step, "step", page.arguments(x, count, bias, keys, values, across));
          next = head.likeliest(readOut(step, out));
        }
        if (stopAtEos && next == model.config().special().eos()) {
          break;
        }
        generated[count++] = next;
      }
    }
    return Arrays.copyOf(generated, count);
  }

  /** One forward pass with everything it went through. */
  public Traces trace(int[] context, int[] decoded) {
    CrossLayout layout = new CrossLayout(List.of(new Input(context, decoded)));
    try (PtNDManager scratch = page.scratch()) {
      NDArray x = embed(scratch, context);
      float[] embeddings = x.toFloatArray();
      Object[] runs = encoderArguments(scratch, layout);
      List<float[]> blocks = new ArrayList<>();
      for (int l = 0; l < encoderBlocks; l++) {
        x = run("encode", scratch, x, l, l + 1, runs);
        blocks.add(x.toFloatArray());
      }
      NDArray encoded = encoded(scratch, x);
      Trace encoder = new Trace(embeddings, blocks, encoded.toFloatArray(), new float[0]);
      NDArray y = embed(scratch, decoded);
      float[] decoderEmbeddings = y.toFloatArray();
      Object[] crossing = decoderArguments(scratch, layout, encoded);
      List<float[]> decoderTrace = new ArrayList<>();
      for (int l = 0; l < decoderBlocks; l++) {
        y = run("decode", scratch, y, l, l + 1, crossing);
        decoderTrace.add(y.toFloatArray());
      }
      NDArray last = script.array(scratch, "decoded", Weights.concat(new Object[] {y}, shape));
      float[] logits = Trace.flat(head.logits(scratch, readOut(scratch, y)));
      return new Traces(
          encoder, new Trace(decoderEmbeddings, decoderTrace, last.toFloatArray(), logits));
    }
  }

  /** The hidden states that the head reads, one for each scored position in the inputs' order. */
  private NDArray forward(PtNDManager scratch, List<Input> batch) {
    CrossLayout layout = new CrossLayout(batch);
    NDArray encoded = encode(scratch, layout);
    NDArray x = embed(scratch, layout.decoderIds());
    x = run("decode", scratch, x, 0, decoderBlocks, decoderArguments(scratch, layout, encoded));
    List<Long> rows = new ArrayList<>();
    for (int i = 0; i < batch.size(); i++) {
      for (int position : batch.get(i).scored()) {
        rows.add((long) layout.row(i, position));
      }
    }
    NDArray at = scratch.create(rows.stream().mapToLong(Long::longValue).toArray());
    return readOut(scratch, script.array(scratch, "chosen", x, at));
  }

  private NDArray encode(PtNDManager scratch, CrossLayout layout) {
    NDArray x = embed(scratch, layout.encoderIds());
    x = run("encode", scratch, x, 0, encoderBlocks, encoderArguments(scratch, layout));
    return encoded(scratch, x);
  }

  /** The norm after the encoder's last block. */
  NDArray encoded(PtNDManager scratch, NDArray x) {
    return script.array(scratch, "encoded", Weights.concat(new Object[] {x}, shape));
  }

  /** What is added to the encoder's scores (H, S, S). */
  NDArray encoderBias(PtNDManager scratch, CrossLayout layout) {
    return bias(scratch, encoderBias, layout.longestContext(), true);
  }

  /** What is added to the scores of the decoder's own tokens (H, S, S). */
  NDArray decoderBias(PtNDManager scratch, CrossLayout layout) {
    return bias(scratch, decoderBias, layout.longestDecoded(), false);
  }

  Object[] encoderArguments(PtNDManager scratch, CrossLayout layout) {
    NDArray bias = encoderBias(scratch, layout);
    return Weights.concat(new Object[] {bias}, layout.encoderRuns().arguments());
  }

  Object[] decoderArguments(PtNDManager scratch, CrossLayout layout, NDArray encoded) {
    NDArray bias = decoderBias(scratch, layout);
    return Weights.concat(new Object[] {encoded, bias}, layout.arguments());
  }

  NDArray run(String method, PtNDManager scratch, NDArray x, int from, int to, Object[] layout) {
    int tokens = (int) x.getShape().get(0);
    NDArray out = x;
    for (int l = from; l < to; l = pace.next(l, to, tokens)) {
      Interrupted.check("a forward pass");
      Object[] own = {out, l, pace.next(l, to, tokens)};
      out = script.array(scratch, method, page.arguments(Weights.concat(own, layout)));
    }
    return out;
  }

  /** What is added to the scores of so many positions (H, S, S). */
  private NDArray bias(PtNDManager scratch, NDArray table, int positions, boolean bothWays) {
    RelativePositions relative = model.config().attention().relative();
    long[] buckets = new long[Math.max(0, 2 * positions - 1)];
    for (int i = 0; i < buckets.length; i++) {
      buckets[i] = relative.bucket(i - positions + 1, bothWays);
    }
    double ahead = bothWays ? 0 : Double.NEGATIVE_INFINITY;
    return script.array(scratch, "biases", table, scratch.create(buckets), ahead);
  }

  NDArray readOut(PtNDManager scratch, NDArray x) {
    NDArray hidden = script.array(scratch, "decoded", Weights.concat(new Object[] {x}, shape));
    double scale = model.config().head().scale();
    return scale == 1 ? hidden : script.array(scratch, "scaled_by", hidden, scale);
  }

  NDArray embed(PtNDManager scratch, int... ids) {
    int width = model.config().width();
    float[] rows = new float[ids.length * width];
    for (int i = 0; i < ids.length; i++) {
      embedding.read((long) checked(ids[i]) * width, rows, i * width, width);
    }
    return scratch.create(rows, new Shape(ids.length, width));
  }

  int checked(int token) {
    if (token < 0 || token >= model.config().vocabulary()) {
      throw new IllegalArgumentException(
          "token must be in [0, " + model.config().vocabulary() + "), was " + token);
    }
    return token;
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
