package io.kerf.onnx;

import io.kerf.engine.Activation;
import io.kerf.engine.Rotation;
import io.kerf.model.Config;
import io.kerf.model.Model;
import io.kerf.model.Role;

/** LLaMA's forward pass: rotary positions, RMS norms before each half, gated feed-forward. */
final class DecoderGraph extends ModelGraph {
  private final Config config;
  private final Config.Attention sizes;
  private final Attention attention;
  private final boolean cached;
  private Sequences sequences;
  private RotaryTurn turn;

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
    String mask = input("attention_mask", cached ? "past_and_sequence" : SEQUENCE);
    graph.enter("embeddings");
    sequences = new Sequences(graph, ids, mask);
    turn =
        new RotaryTurn(
            graph,
            sequences.positions(),
            Rotation.frequencies(config.rotary(), sizes.headWidth()),
            sizes.headWidth());
    String x = tokens(ids);
    for (int block = 0; block < blocks(); block++) {
      graph.enter("blocks." + block);
      x = graph.add(x, attend(norm(x, Role.ATTENTION_NORM, block), block));
      x = graph.add(x, feedForward(norm(x, Role.FFN_NORM, block), block));
    }
    graph.enter("head");
    x = layers.rmsNorm(x, name(Role.FINAL_NORM, OUTSIDE), shared(Role.FINAL_NORM));
    logits(x, sequences, SEQUENCE);
    return graph;
  }

  private String attend(String h, int block) {
    int groups = sizes.keyValueHeads();
    String q = attention.apart(linear(h, Role.QUERY, block), sizes.heads(), sequences);
    String k = attention.apart(linear(h, Role.KEY, block), groups, sequences);
    String v = attention.apart(linear(h, Role.VALUE, block), groups, sequences);
    String keys = cached("key", attention.byHead(turn.of(k)), block);
    String values = cached("value", attention.byHead(v), block);
    String attended =
        attention.mix(
            attention.byHead(turn.of(q)),
            keys,
            values,
            sequences.seen(),
            sequences.causal(0),
            null);
    return linear(attended, Role.OUTPUT, block);
  }

  /** Keys or values (B, K, T, E) behind those of earlier tokens, where there is a cache. */
  private String cached(String what, String now, int block) {
    if (!cached) {
      return now;
    }
    Object[] before = {BATCH, sizes.keyValueHeads(), "past", sizes.headWidth()};
    Object[] after = {BATCH, sizes.keyValueHeads(), "past_and_sequence", sizes.headWidth()};
    String place = block + "." + what;
    String past = graph.input("past_key_values." + place, ElementType.FLOAT32, before);
    String all = graph.concat(2, past, now);
    graph.output("present." + place, all, ElementType.FLOAT32, after);
    return all;
  }

  private String feedForward(String h, int block) {
    String gate = layers.activation(linear(h, Role.GATE, block), Activation.of(model));
    return linear(graph.multiply(gate, linear(h, Role.UP, block)), Role.DOWN, block);
  }

  private String norm(String x, Role role, int index) {
    return layers.rmsNorm(x, name(role, index), block(index).parameter(role));
  }
}
