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
    Map<Role, FloatTensor> shared = new EnumMap<>(Role.class);
    shared.put(Role.TOKEN_EMBEDDING, random(random, VOCABULARY, WIDTH));
    shared.put(Role.FINAL_NORM, random(random, WIDTH));
    if (!tiedHead) {
      shared.put(Role.HEAD, random(random, VOCABULARY, WIDTH));
    }
    return model(Family.LLAMA, shared, blocks, tiedHead);
  }

  private static Model model(
      Family family, Map<Role, FloatTensor> shared, List<Block> blocks, boolean tiedHead) {
    Config config =
        new Config(
            family,
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
    Map<Role, Parameter> parameters = new EnumMap<>(Role.class);
    shared.forEach((role, tensor) -> parameters.put(role, Parameter.of(tensor)));
    return new Model(
        config, parameters, blocks, noTokenizer(), new Lineage("tiny", "made here", "", List.of()));
  }

  /** An encoder-decoder of so many blocks in its stacks. */
  static Model encoderDecoder(int encoderLayers, int decoderLayers) {
    Random random = new Random(8);
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < encoderLayers + decoderLayers; i++) {
      boolean decodes = i >= encoderLayers;
      Map<Role, Parameter> parameters = new EnumMap<>(Role.class);
      for (Role role : Role.values()) {
        if (role.isSelfAttention() || decodes && role.isCrossAttention()) {
          parameters.put(role, Parameter.of(random(random, WIDTH, WIDTH)));
        }
      }
      parameters.put(Role.UP, Parameter.of(random(random, FEED_FORWARD, WIDTH)));
      parameters.put(Role.DOWN, Parameter.of(random(random, WIDTH, FEED_FORWARD)));
      blocks.add(
          decodes
              ? new Block(Stack.DECODER, i - encoderLayers, parameters)
              : new Block(Stack.ENCODER, i, parameters));
    }
    return model(
        Family.T5, Map.of(Role.TOKEN_EMBEDDING, random(random, VOCABULARY, WIDTH)), blocks, true);
  }

  /** An encoder that runs one block again and again. */
  static Model repeated(int layers) {
    Random random = new Random(9);
    Map<Role, Parameter> parameters = new EnumMap<>(Role.class);
    for (Role role : List.of(Role.QUERY, Role.KEY, Role.VALUE, Role.OUTPUT)) {
      parameters.put(role, new Parameter(random(random, WIDTH, WIDTH), random(random, WIDTH)));
    }
    parameters.put(Role.UP, Parameter.of(random(random, FEED_FORWARD, WIDTH)));
    parameters.put(Role.DOWN, Parameter.of(random(random, WIDTH, FEED_FORWARD)));
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < layers; i++) {
      blocks.add(new Block(Stack.ENCODER, i, parameters));
    }
    return model(
        Family.ALBERT,
        Map.of(Role.TOKEN_EMBEDDING, random(random, VOCABULARY, WIDTH)),
        blocks,
        true);
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
