package io.kerf.onnx;

import io.kerf.engine.Activation;
import io.kerf.model.Block;
import io.kerf.model.Config;
import io.kerf.model.Family;
import io.kerf.model.Model;
import io.kerf.model.Role;
import java.util.List;

/**
 * The forward pass of BERT and its kin RoBERTa, DistilBERT and ALBERT: learned positions, attention
 * to both sides, norms after each half of a block.
 */
final class EncoderGraph extends ModelGraph {
  private final Config config;
  private final Attention attention;

  EncoderGraph(Model model, OnnxOptions options) {
    super(model, options);
    config = model.config();
    attention = new Attention(graph, config.attention());
  }

  @Override
  Graph build() {
    Config.Embeddings embeddings = config.embeddings();
    String ids = input("input_ids", SEQUENCE);
    String mask = input("attention_mask", SEQUENCE);
    String types = embeddings.segments() > 1 ? input("token_type_ids", SEQUENCE) : null;
    graph.enter("embeddings");
    String counted = mask;
    if (embeddings.positionOffset() > 0) {
      // RoBERTa's padding token counts for nothing, also where a text holds it.
      String padding = graph.scalar(embeddings.positionOffset() - 1L);
      String other = graph.op("Not", List.of(graph.op("Equal", List.of(ids, padding))));
      counted = graph.multiply(mask, graph.cast(other, ElementType.INT64));
    }
    Sequences sequences = new Sequences(graph, ids, mask, counted);
    String x = tokens(ids);
    if (types != null) {
      x = graph.add(x, lookUp(Role.SEGMENT_EMBEDDING, types));
    } else if (embeddings.segments() == 1) {
      x = graph.add(x, values(Role.SEGMENT_EMBEDDING)); // one row, the same for all
    }
    String positions =
        embeddings.positionOffset() > 0
            ? sequences.positionsFrom(embeddings.positionOffset())
            : sequences.positions();
    x = norm(graph.add(x, lookUp(Role.POSITION_EMBEDDING, positions)), Role.EMBEDDING_NORM);
    if (model.shared().containsKey(Role.PROJECT_IN)) {
      x = linear(x, Role.PROJECT_IN);
    }
    for (int block = 0; block < blocks(); block++) {
      graph.enter("blocks." + block);
      x = block(x, block, sequences);
    }
    graph.enter("head");
    String h = layers.activation(linear(x, Role.HEAD_TRANSFORM), headActivation());
    logits(norm(h, Role.HEAD_NORM), sequences, SEQUENCE);
    return graph;
  }

  /** RoBERTa's head has its own, whatever the blocks have. */
  private Activation headActivation() {
    return config.family() == Family.ROBERTA ? Activation.GELU : Activation.of(model);
  }

  private String block(String x, int index, Sequences sequences) {
    String q = heads(linear(x, Role.QUERY, index), sequences);
    String k = heads(linear(x, Role.KEY, index), sequences);
    String v = heads(linear(x, Role.VALUE, index), sequences);
    String attended =
        attention.mix(
            q, k, v, sequences.seen(), sequences.both(), config.attention().scale(), null);
    String y = norm(graph.add(x, linear(attended, Role.OUTPUT, index)), Role.ATTENTION_NORM, index);
    String h = layers.activation(linear(y, Role.UP, index), Activation.of(model));
    return norm(graph.add(y, linear(h, Role.DOWN, index)), Role.FFN_NORM, index);
  }

  private String heads(String x, Sequences sequences) {
    return attention.byHead(attention.apart(x, config.attention().heads(), sequences));
  }

  private String norm(String x, Role role) {
    return layers.layerNorm(x, name(role, OUTSIDE), shared(role), config.width());
  }

  private String norm(String x, Role role, int index) {
    Block block = block(index);
    return layers.layerNorm(x, name(role, index), block.parameter(role), config.width());
  }
}
