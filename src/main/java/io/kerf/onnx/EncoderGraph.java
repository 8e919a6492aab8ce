package io.kerf.onnx;

import io.kerf.model.Block;
import io.kerf.model.Model;
import io.kerf.model.Role;

/** BERT's forward pass: learned positions, attention to both sides, norms after each half. */
final class EncoderGraph extends ModelGraph {
  private final Attention attention;

  EncoderGraph(Model model, OnnxOptions options) {
    super(model, options);
    attention = new Attention(graph, model.config().attention());
  }

  @Override
  Graph build() {
    String ids = input("input_ids", SEQUENCE);
    String mask = input("attention_mask", SEQUENCE);
    String types = input("token_type_ids", SEQUENCE);
    graph.enter("embeddings");
    Sequences sequences = new Sequences(graph, ids, mask);
    String x = lookUp(Role.TOKEN_EMBEDDING, ids);
    x = graph.add(x, lookUp(Role.SEGMENT_EMBEDDING, types));
    x = graph.add(x, lookUp(Role.POSITION_EMBEDDING, sequences.positions()));
    x = norm(x, Role.EMBEDDING_NORM);
    for (int block = 0; block < blocks(); block++) {
      graph.enter("blocks." + block);
      x = block(x, block, sequences);
    }
    graph.enter("head");
    String h = layers.activation(linear(x, Role.HEAD_TRANSFORM), model.config().activation());
    logits(norm(h, Role.HEAD_NORM), sequences);
    return graph;
  }

  private String block(String x, int index, Sequences sequences) {
    String q = heads(linear(x, Role.QUERY, index), sequences);
    String k = heads(linear(x, Role.KEY, index), sequences);
    String v = heads(linear(x, Role.VALUE, index), sequences);
    String attended = attention.mix(q, k, v, sequences.seen(), sequences.both(), null);
    String y = norm(graph.add(x, linear(attended, Role.OUTPUT, index)), Role.ATTENTION_NORM, index);
    String h = layers.activation(linear(y, Role.UP, index), model.config().activation());
    return norm(graph.add(y, linear(h, Role.DOWN, index)), Role.FFN_NORM, index);
  }

  private String heads(String x, Sequences sequences) {
    return attention.byHead(attention.apart(x, model.config().attention().heads(), sequences));
  }

  private String norm(String x, Role role) {
    return layers.layerNorm(x, name(role, 0), shared(role));
  }

  private String norm(String x, Role role, int index) {
    Block block = block(index);
    return layers.layerNorm(x, name(role, index), block.parameter(role));
  }
}
