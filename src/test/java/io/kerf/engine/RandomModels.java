package io.kerf.engine;

import io.kerf.model.Block;
import io.kerf.model.Config;
import io.kerf.model.Family;
import io.kerf.model.Lineage;
import io.kerf.model.Model;
import io.kerf.model.Parameter;
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

/** Models of random weights, for tests that need a shape and no meaning. */
public final class RandomModels {
  private RandomModels() {}

  /** A decoder; head width is width / heads, the head is tied. */
  public static Model llama(
      int layers, int width, int heads, int groups, int hidden, int vocabulary) {
    Random random = new Random(7);
    int headWidth = width / heads;
    Config.Rotary rotary = new Config.Rotary(10000, Config.Scaling.NONE, headWidth);
    Config config =
        new Config(
            Family.LLAMA,
            width,
            hidden,
            vocabulary,
            2048,
            1e-5,
            "silu",
            Config.Embeddings.of(width),
            Config.Attention.of(heads, groups, headWidth),
            rotary,
            Config.Head.of(true),
            new Config.SpecialIds(1, 2, 0));
    Map<Role, Parameter> shared = new EnumMap<>(Role.class);
    shared.put(Role.TOKEN_EMBEDDING, matrix(random, vocabulary, width));
    shared.put(Role.FINAL_NORM, vector(random, width, 1));
    List<Block> blocks = new ArrayList<>();
    for (int l = 0; l < layers; l++) {
      Map<Role, Parameter> block = new EnumMap<>(Role.class);
      block.put(Role.ATTENTION_NORM, vector(random, width, 1));
      block.put(Role.QUERY, matrix(random, heads * headWidth, width));
      block.put(Role.KEY, matrix(random, groups * headWidth, width));
      block.put(Role.VALUE, matrix(random, groups * headWidth, width));
      block.put(Role.OUTPUT, matrix(random, width, heads * headWidth));
      block.put(Role.FFN_NORM, vector(random, width, 1));
      block.put(Role.GATE, matrix(random, hidden, width));
      block.put(Role.UP, matrix(random, hidden, width));
      block.put(Role.DOWN, matrix(random, width, hidden));
      blocks.add(new Block(Stack.DECODER, l, block));
    }
    Lineage lineage = new Lineage("random", "made for a test", "0", List.of());
    return new Model(config, shared, blocks, noTokenizer(), lineage);
  }

  private static Parameter matrix(Random random, int rows, int columns) {
    float[] values = new float[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextGaussian() / Math.sqrt(columns));
    }
    return Parameter.of(FloatTensor.of(values, rows, columns));
  }

  private static Parameter vector(Random random, int size, double mean) {
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
