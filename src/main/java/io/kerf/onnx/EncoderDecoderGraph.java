package io.kerf.onnx;

import io.kerf.engine.Activation;
import io.kerf.model.Config;
import io.kerf.model.Model;
import io.kerf.model.RelativePositions;
import io.kerf.model.Role;
import io.kerf.model.Stack;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * T5's forward pass (arXiv 1910.10683), both stacks in one graph: positions as biases by distance,
 * RMS norms before each part of a block.
 */
final class EncoderDecoderGraph extends ModelGraph {
  private static final String DECODED = "decoder_sequence";

  private final Config config;
  private final Attention attention;

  EncoderDecoderGraph(Model model, OnnxOptions options) {
    super(model, options);
    config = model.config();
    attention = new Attention(graph, config.attention());
  }

  @Override
  Graph build() {
    String ids = input("input_ids", SEQUENCE);
    String mask = input("attention_mask", SEQUENCE);
    String decoderIds = input("decoder_input_ids", DECODED);
    graph.enter("encoder");
    Sequences context = new Sequences(graph, ids, mask);
    String memory = encode(tokens(ids), context);
    graph.enter("decoder");
    Sequences decoded = Sequences.unmasked(graph, decoderIds);
    String x = tokens(decoderIds);
    String bias = bias(decoded, Role.DECODER_POSITION_BIAS, false);
    int first = model.blocks(Stack.ENCODER).size();
    for (int block = first; block < blocks(); block++) {
      graph.enter("decoder.blocks." + (block - first));
      String h = norm(x, Role.ATTENTION_NORM, block);
      String q = heads(h, Role.QUERY, block, decoded);
      String k = heads(h, Role.KEY, block, decoded);
      String v = heads(h, Role.VALUE, block, decoded);
      String own =
          attention.mix(
              q, k, v, decoded.seen(), decoded.causal(0), config.attention().scale(), bias);
      x = graph.add(x, linear(own, Role.OUTPUT, block));
      q = heads(norm(x, Role.CROSS_NORM, block), Role.CROSS_QUERY, block, decoded);
      k = heads(memory, Role.CROSS_KEY, block, context);
      v = heads(memory, Role.CROSS_VALUE, block, context);
      String across =
          attention.mix(q, k, v, context.seen(), context.both(), config.attention().scale(), null);
      x = graph.add(x, linear(across, Role.CROSS_OUTPUT, block));
      x = graph.add(x, feedForward(norm(x, Role.FFN_NORM, block), block));
    }
    graph.enter("head");
    logits(norm(x, Role.FINAL_NORM), decoded, DECODED);
    return graph;
  }

  private String encode(String embedded, Sequences context) {
    String x = embedded;
    String bias = bias(context, Role.ENCODER_POSITION_BIAS, true);
    for (int block = 0; block < model.blocks(Stack.ENCODER).size(); block++) {
      graph.enter("encoder.blocks." + block);
      String h = norm(x, Role.ATTENTION_NORM, block);
      String q = heads(h, Role.QUERY, block, context);
      String k = heads(h, Role.KEY, block, context);
      String v = heads(h, Role.VALUE, block, context);
      String own =
          attention.mix(q, k, v, context.seen(), context.both(), config.attention().scale(), bias);
      x = graph.add(x, linear(own, Role.OUTPUT, block));
      x = graph.add(x, feedForward(norm(x, Role.FFN_NORM, block), block));
    }
    return norm(x, Role.ENCODER_NORM);
  }

  private String heads(String x, Role role, int block, Sequences of) {
    String apart = attention.apart(linear(x, role, block), config.attention().heads(), of);
    return attention.byHead(apart);
  }

  private String feedForward(String h, int block) {
    Activation activation = Activation.ofGatedOrNot(model);
    String up = linear(h, Role.UP, block);
    boolean gated = block(block).parameters().containsKey(Role.GATE);
    String inner =
        gated
            ? graph.multiply(layers.activation(linear(h, Role.GATE, block), activation), up)
            : layers.activation(up, activation);
    return linear(inner, Role.DOWN, block);
  }

  /** What is added to scores by distance, (H, T, S). From a distance on, all are of one bucket. */
  private String bias(Sequences sequences, Role table, boolean bothWays) {
    RelativePositions relative = config.attention().relative();
    int far = relative.maxDistance();
    ByteBuffer buckets =
        ByteBuffer.allocate(Long.BYTES * (2 * far + 1)).order(ByteOrder.LITTLE_ENDIAN);
    for (int distance = -far; distance <= far; distance++) {
      buckets.putLong(relative.bucket(distance, bothWays));
    }
    String byDistance = graph.constant(ElementType.INT64, List.of(2L * far + 1), buckets.array());
    String distance = graph.op("Neg", List.of(sequences.back()));
    String near =
        graph.op("Clip", List.of(distance, graph.scalar((long) -far), graph.scalar((long) far)));
    String bucket = graph.gather(byDistance, graph.add(near, graph.scalar((long) far)), 0);
    return graph.transpose(graph.gather(values(table), bucket, 0), 2, 0, 1);
  }

  private String norm(String x, Role role) {
    return layers.rmsNorm(x, name(role, OUTSIDE), shared(role), 0);
  }

  private String norm(String x, Role role, int block) {
    return layers.rmsNorm(x, name(role, block), block(block).parameter(role), 0);
  }
}
