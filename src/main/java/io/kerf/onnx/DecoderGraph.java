package io.kerf.onnx;

import io.kerf.engine.Activation;
import io.kerf.engine.Rotation;
import io.kerf.model.Block;
import io.kerf.model.Config;
import io.kerf.model.Model;
import io.kerf.model.Parameter;
import io.kerf.model.Role;

/** A decoder's forward pass, as the switches of its configuration have it. */
final class DecoderGraph extends ModelGraph {
  private static final String PAST_AND_SEQUENCE = "past_and_sequence";

  private final Config config;
  private final Config.Attention sizes;
  private final Attention attention;
  private final boolean cached;
  private Sequences sequences;
  private String positions;
  private RotaryTurn turn; // of blocks that see all
  private RotaryTurn windowTurn; // of blocks with a window

  DecoderGraph(Model model, OnnxOptions options) {
    super(model, options);
    config = model.config();
    sizes = config.attention();
    attention = new Attention(graph, sizes);
    cached = options.cached();
  }

  @Override
  Graph build() {
    String ids = input("input_ids", SEQUENCE);
    String mask = input("attention_mask", cached ? PAST_AND_SEQUENCE : SEQUENCE);
    graph.enter("embeddings");
    sequences = new Sequences(graph, ids, mask);
    positions = sequences.positions();
    String x = embed(ids);
    for (int block = 0; block < blocks(); block++) {
      graph.enter("blocks." + block);
      x = block(x, block);
    }
    graph.enter("head");
    Parameter last = model.shared().get(Role.FINAL_NORM);
    if (last != null || config.norms().last()) {
      x = norm(x, name(Role.FINAL_NORM, OUTSIDE), last);
    }
    if (model.shared().containsKey(Role.PROJECT_OUT)) {
      x = linear(x, Role.PROJECT_OUT);
    }
    logits(x, sequences, SEQUENCE);
    return graph;
  }

  private String embed(String ids) {
    String x = tokens(ids);
    if (model.shared().containsKey(Role.PROJECT_IN)) {
      x = linear(x, Role.PROJECT_IN);
    }
    if (config.learnsPositions()) {
      int first = config.embeddings().positionOffset();
      String rows = first == 0 ? positions : graph.add(positions, graph.scalar((long) first));
      return graph.add(x, lookUp(Role.POSITION_EMBEDDING, rows));
    }
    Config.Rotary rotary = config.rotary();
    turn = turn(rotary.base(), rotary.scaling());
    windowTurn =
        rotary.differsByWindow() ? turn(rotary.windowBase(), rotary.windowScaling()) : turn;
    return x;
  }

  private RotaryTurn turn(double base, Config.Scaling scaling) {
    float[] frequencies = Rotation.frequencies(base, scaling, config.rotary().width());
    return new RotaryTurn(graph, positions, frequencies, sizes.headWidth());
  }

  private String block(String x, int index) {
    return switch (config.norms().order()) {
      case BEFORE -> {
        String attended = attend(norm(x, Role.ATTENTION_NORM, index), index);
        String y = graph.add(x, normIfAny(attended, Role.POST_ATTENTION_NORM, index));
        String fed = feedForward(norm(y, Role.FFN_NORM, index), index);
        yield graph.add(y, normIfAny(fed, Role.POST_FFN_NORM, index));
      }
      case AFTER -> {
        String y = norm(graph.add(x, attend(x, index)), Role.ATTENTION_NORM, index);
        yield norm(graph.add(y, feedForward(y, index)), Role.FFN_NORM, index);
      }
      case PARALLEL -> {
        String first = norm(x, Role.ATTENTION_NORM, index);
        boolean own = block(index).parameters().containsKey(Role.FFN_NORM);
        String second = own ? norm(x, Role.FFN_NORM, index) : first;
        String both = graph.add(feedForward(second, index), attend(first, index));
        yield graph.add(x, both);
      }
    };
  }

  private String attend(String h, int index) {
    int groups = sizes.keyValueHeads();
    boolean limited = sizes.window().limits(block(index).origin());
    String q = attention.apart(linear(h, Role.QUERY, index), sizes.heads(), sequences);
    String k = attention.apart(linear(h, Role.KEY, index), groups, sequences);
    String v = attention.apart(linear(h, Role.VALUE, index), groups, sequences);
    q = normIfAny(q, Role.QUERY_NORM, index);
    k = normIfAny(k, Role.KEY_NORM, index);
    if (turn != null) {
      RotaryTurn here = limited ? windowTurn : turn;
      q = here.of(q);
      k = here.of(k);
    }
    String keys = cached("key", attention.byHead(k), index);
    String values = cached("value", attention.byHead(v), index);
    String mask = sequences.causal(limited ? sizes.window().tokens() : 0);
    double scale = sizes.scale(block(index).origin());
    String mixed =
        attention.mix(attention.byHead(q), keys, values, sequences.seen(), mask, scale, null);
    return linear(mixed, Role.OUTPUT, index);
  }

  /** Keys or values (B, K, T, E) behind those of earlier tokens, where there is a cache. */
  private String cached(String what, String now, int index) {
    if (!cached) {
      return now;
    }
    Object[] before = {BATCH, sizes.keyValueHeads(), "past", sizes.headWidth()};
    Object[] after = {BATCH, sizes.keyValueHeads(), PAST_AND_SEQUENCE, sizes.headWidth()};
    String place = index + "." + what;
    String past = graph.input("past_key_values." + place, ElementType.FLOAT32, before);
    String all = graph.concat(2, past, now);
    graph.output("present." + place, all, ElementType.FLOAT32, after);
    return all;
  }

  private String feedForward(String h, int index) {
    Activation activation = Activation.of(model);
    String up = linear(h, Role.UP, index);
    boolean gated = block(index).parameters().containsKey(Role.GATE);
    String inner =
        gated
            ? graph.multiply(layers.activation(linear(h, Role.GATE, index), activation), up)
            : layers.activation(up, activation);
    return linear(inner, Role.DOWN, index);
  }

  private String normIfAny(String x, Role role, int index) {
    return block(index).parameters().containsKey(role) ? norm(x, role, index) : x;
  }

  private String norm(String x, Role role, int index) {
    Block block = block(index);
    return norm(x, name(role, index), block.parameters().get(role));
  }

  /** A norm over the last dimension; without a parameter it neither scales nor shifts. */
  private String norm(String x, String layer, Parameter parameter) {
    return config.norms().centred()
        ? layers.layerNorm(x, layer, parameter, config.width())
        : layers.rmsNorm(x, layer, parameter, config.norms().gainOffset());
  }
}
