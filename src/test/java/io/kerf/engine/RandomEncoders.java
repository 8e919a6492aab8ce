package io.kerf.engine;

import io.kerf.model.Block;
import io.kerf.model.Config;
import io.kerf.model.Family;
import io.kerf.model.Lineage;
import io.kerf.model.Model;
import io.kerf.model.Parameter;
import io.kerf.model.RelativePositions;
import io.kerf.model.Role;
import io.kerf.model.Stack;
import io.kerf.tensor.FloatTensor;
import io.kerf.text.Tokenizer;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Models with an encoder, of random weights and heads of 16. */
final class RandomEncoders {
  private static final int HEAD_WIDTH = 16;

  private final Random random = new Random(11);
  private final int width;
  private final int hidden;
  private final int vocabulary;
  private final List<Block> blocks = new ArrayList<>();
  private final Map<Role, Parameter> shared = new EnumMap<>(Role.class);

  private RandomEncoders(int width, int hidden, int vocabulary) {
    this.width = width;
    this.hidden = hidden;
    this.vocabulary = vocabulary;
  }

  /** A gated one whose head is tied and scaled. */
  static Model t5(int encoderLayers, int decoderLayers, int width, int hidden, int vocabulary) {
    var made = new RandomEncoders(width, hidden, vocabulary);
    int heads = width / HEAD_WIDTH;
    made.shared.put(Role.TOKEN_EMBEDDING, made.matrix(vocabulary, width));
    made.shared.put(Role.ENCODER_POSITION_BIAS, made.matrix(8, heads));
    made.shared.put(Role.DECODER_POSITION_BIAS, made.matrix(8, heads));
    made.shared.put(Role.ENCODER_NORM, made.vector(width, 1));
    made.shared.put(Role.FINAL_NORM, made.vector(width, 1));
    for (int i = 0; i < encoderLayers; i++) {
      made.blocks.add(new Block(Stack.ENCODER, i, made.t5Block(false)));
    }
    for (int i = 0; i < decoderLayers; i++) {
      made.blocks.add(new Block(Stack.DECODER, i, made.t5Block(true)));
    }
    return made.model(
        Family.T5,
        "gated-gelu",
        Config.Embeddings.of(width),
        Config.Attention.of(heads, heads, HEAD_WIDTH)
            .withScale(1)
            .withRelative(new RelativePositions(8, 20)),
        new Config.Head(true, 0, 1 / Math.sqrt(width)),
        new Config.SpecialIds(-1, 1, 0, 0));
  }

  private Map<Role, Parameter> t5Block(boolean decodes) {
    Map<Role, Parameter> block = new EnumMap<>(Role.class);
    for (Role role : Role.values()) {
      if (role.isSelfAttention() || decodes && role.isCrossAttention()) {
        block.put(role, matrix(width, width));
      }
    }
    // T5 does not divide its scores: its queries are small instead.
    block.put(Role.QUERY, matrix(width, width, 1 / Math.sqrt(HEAD_WIDTH)));
    if (decodes) {
      block.put(Role.CROSS_QUERY, matrix(width, width, 1 / Math.sqrt(HEAD_WIDTH)));
    }
    block.put(Role.GATE, matrix(hidden, width));
    block.put(Role.UP, matrix(hidden, width));
    block.put(Role.DOWN, matrix(width, hidden));
    block.put(Role.ATTENTION_NORM, vector(width, 1));
    block.put(Role.FFN_NORM, vector(width, 1));
    if (decodes) {
      block.put(Role.CROSS_NORM, vector(width, 1));
    }
    return block;
  }

  /** One block that is run again and again, on embeddings of another width. */
  static Model albert(int layers, int width, int embeddingWidth, int hidden, int vocabulary) {
    var made = new RandomEncoders(width, hidden, vocabulary);
    made.shared.put(Role.TOKEN_EMBEDDING, made.matrix(vocabulary, embeddingWidth));
    made.shared.put(Role.POSITION_EMBEDDING, made.matrix(64, embeddingWidth));
    made.shared.put(Role.EMBEDDING_NORM, made.norm(embeddingWidth));
    made.shared.put(Role.PROJECT_IN, made.linear(width, embeddingWidth));
    made.shared.put(Role.HEAD_TRANSFORM, made.linear(embeddingWidth, width));
    made.shared.put(Role.HEAD_NORM, made.norm(embeddingWidth));
    Map<Role, Parameter> block = new EnumMap<>(Role.class);
    for (Role role : List.of(Role.QUERY, Role.KEY, Role.VALUE, Role.OUTPUT)) {
      block.put(role, made.linear(width, width));
    }
    block.put(Role.UP, made.linear(hidden, width));
    block.put(Role.DOWN, made.linear(width, hidden));
    block.put(Role.ATTENTION_NORM, made.norm(width));
    block.put(Role.FFN_NORM, made.norm(width));
    for (int i = 0; i < layers; i++) {
      made.blocks.add(new Block(Stack.ENCODER, i, block));
    }
    return made.model(
        Family.ALBERT,
        "gelu_new",
        Config.Embeddings.of(embeddingWidth),
        Config.Attention.of(width / HEAD_WIDTH, width / HEAD_WIDTH, HEAD_WIDTH),
        Config.Head.of(true),
        new Config.SpecialIds(-1, -1, 0));
  }

  /** The same model with another function between its feed-forward layers. */
  static Model withActivation(Model model, String activation) {
    Config c = model.config();
    Config changed =
        new Config(
            c.family(),
            c.width(),
            c.feedForward(),
            c.vocabulary(),
            c.maxPositions(),
            c.normEpsilon(),
            activation,
            c.embeddings(),
            c.attention(),
            c.rotary(),
            c.head(),
            c.special());
    return new Model(changed, model.shared(), model.blocks(), model.tokenizer(), model.lineage());
  }

  private Model model(
      Family family,
      String activation,
      Config.Embeddings embeddings,
      Config.Attention attention,
      Config.Head head,
      Config.SpecialIds special) {
    Config config =
        new Config(
            family,
            width,
            hidden,
            vocabulary,
            64,
            1e-6,
            activation,
            embeddings,
            attention,
            null,
            head,
            special);
    Lineage lineage = new Lineage("random", "made for a test", "0", List.of());
    return new Model(config, shared, blocks, noTokenizer(), lineage);
  }

  private Parameter linear(int rows, int columns) {
    return new Parameter(matrix(rows, columns).weight(), vector(rows, 0).weight());
  }

  private Parameter norm(int size) {
    return new Parameter(vector(size, 1).weight(), vector(size, 0).weight());
  }

  private Parameter matrix(int rows, int columns) {
    return matrix(rows, columns, 1);
  }

  private Parameter matrix(int rows, int columns, double scale) {
    float[] values = new float[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (scale * random.nextGaussian() / Math.sqrt(columns));
    }
    return Parameter.of(FloatTensor.of(values, rows, columns));
  }

  private Parameter vector(int size, double mean) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) (mean + 0.1 * random.nextGaussian());
    }
    return Parameter.of(FloatTensor.of(values, size));
  }

  private static Tokenizer noTokenizer() {
    return (Tokenizer)
        Proxy.newProxyInstance(
            Tokenizer.class.getClassLoader(),
            new Class<?>[] {Tokenizer.class},
            (proxy, method, arguments) -> {
              throw new UnsupportedOperationException(method.getName());
            });
  }
}
