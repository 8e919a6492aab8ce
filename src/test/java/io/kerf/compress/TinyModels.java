package io.kerf.compress;

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

/** Models of a few hundred random weights. */
final class TinyModels {
  static final int WIDTH = 16;
  static final int FEED_FORWARD = 24;
  static final int VOCABULARY = 10;

  private TinyModels() {}

  /** A decoder of so many blocks whose head is its embedding or not. */
  static Model decoder(int layers, boolean tiedHead) {
    Random random = new Random(7);
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < layers; i++) {
      Map<Role, Parameter> parameters = new EnumMap<>(Role.class);
      for (Role role : List.of(Role.ATTENTION_NORM, Role.FFN_NORM)) {
        parameters.put(role, Parameter.of(random(random, WIDTH)));
      }
      for (Role role : List.of(Role.QUERY, Role.KEY, Role.VALUE, Role.OUTPUT)) {
        parameters.put(role, Parameter.of(random(random, WIDTH, WIDTH)));
      }
      parameters.put(Role.GATE, Parameter.of(random(random, FEED_FORWARD, WIDTH)));
      parameters.put(Role.UP, Parameter.of(random(random, FEED_FORWARD, WIDTH)));
      parameters.put(
          Role.DOWN, new Parameter(random(random, WIDTH, FEED_FORWARD), random(random, WIDTH)));
      blocks.add(new Block(Stack.DECODER, i, parameters));
    }
    Map<Role, Parameter> shared = new EnumMap<>(Role.class);
    shared.put(Role.TOKEN_EMBEDDING, Parameter.of(random(random, VOCABULARY, WIDTH)));
    shared.put(Role.FINAL_NORM, Parameter.of(random(random, WIDTH)));
    if (!tiedHead) {
      shared.put(Role.HEAD, Parameter.of(random(random, VOCABULARY, WIDTH)));
    }
    Config config =
        new Config(
            Family.LLAMA,
            WIDTH,
            FEED_FORWARD,
            VOCABULARY,
            32,
            1e-5,
            "silu",
            Config.Embeddings.of(WIDTH),
            Config.Attention.of(2, 2, 8),
            new Config.Rotary(10_000, Config.Scaling.NONE, 8),
            Config.Head.of(tiedHead),
            Config.SpecialIds.NONE);
    return new Model(
        config, shared, blocks, noTokenizer(), new Lineage("tiny", "made here", "", List.of()));
  }

  static FloatTensor random(Random random, int... sizes) {
    int n = 1;
    for (int size : sizes) {
      n *= size;
    }
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return FloatTensor.of(values, sizes);
  }

  private static Tokenizer noTokenizer() {
    return (Tokenizer)
        Proxy.newProxyInstance(
            Tokenizer.class.getClassLoader(),
            new Class<?>[] {Tokenizer.class},
            (proxy, method, arguments) -> {
              throw new AssertionError("no tokenizer is needed to compress");
            });
  }
}
