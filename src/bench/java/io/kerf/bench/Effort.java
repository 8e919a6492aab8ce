package io.kerf.bench;

import io.kerf.engine.WeightFormat;
import io.kerf.model.Block;
import io.kerf.model.Config;
import io.kerf.model.Model;
import io.kerf.model.Parameter;
import io.kerf.model.Role;

/**
 * How much a causal model has to do, whoever does it: counted from its sizes, not from a kernel.
 * Norms, activations and the embedding's look-up are left out; they are below 1 %.
 */
final class Effort {
  private final Config config;
  private final int blocks;
  private final long limited; // blocks that look back no further than a window
  private final double linears; // elements of the linear layers inside the blocks
  private final double finishing; // those of the last block that follow attention
  private final double head; // elements of the head

  Effort(Model model) {
    config = model.config();
    blocks = model.blocks().size();
    limited =
        model.blocks().stream()
            .filter(block -> config.attention().window().limits(block.origin()))
            .count();
    double sum = 0;
    for (Block block : model.blocks()) {
      for (var entry : block.parameters().entrySet()) {
        sum += entry.getKey().isBlockLinear() ? elements(entry.getValue()) : 0;
      }
    }
    linears = sum;
    finishing =
        model.blocks().get(blocks - 1).parameters().entrySet().stream()
            .filter(e -> e.getKey() == Role.OUTPUT || e.getKey().isFeedForward())
            .mapToDouble(e -> elements(e.getValue()))
            .sum();
    Parameter separate = model.shared().get(Role.HEAD);
    boolean own = separate != null && separate.weight() != null; // else a tied head's bias
    head = elements(own ? separate : model.shared().get(Role.TOKEN_EMBEDDING));
  }

  private static double elements(Parameter parameter) {
    return parameter.weight().shape().elements();
  }

  /**
   * Operations of one sequence with the head at its last token: two for every weight, and in
   * attention four for every number of a query and every token it sees. What follows attention in
   * the last block is needed for the last token alone.
   */
  double prefillOperations(int tokens) {
    return 2 * (linears * tokens - finishing * (tokens - 1) + head) + attention(tokens);
  }

  /**
   * Operations of one sequence that is learned from, forward and backward: two for every weight of
   * the blocks and every token, and of the head and every token that has a next one; in attention
   * four for every number of a query and every token it sees; and all of it twice again, since each
   * product has two gradients. What is computed a second time to save memory is not needed.
   */
  double trainingOperations(int tokens) {
    return 3 * (2 * (linears * tokens + head * (tokens - 1)) + attention(tokens));
  }

  /** Operations of attention in one sequence, forward. */
  private double attention(int tokens) {
    double pairs = tokens * (tokens + 1.0) / 2;
    double seen = Math.min(tokens, config.attention().window().tokens());
    double windowPairs = seen * (seen + 1) / 2 + (tokens - seen) * seen;
    return 4.0
        * (pairs * (blocks - limited) + windowPairs * limited)
        * config.attention().heads()
        * config.attention().headWidth();
  }

  /** Operations of one sequence with the head after every token, as text is written. */
  double writingOperations(int tokens) {
    return prefillOperations(tokens) + 2 * (finishing + head) * (tokens - 1);
  }

  /** Bytes of weights that one step of decoding must read. */
  double decodeBytes(WeightFormat format) {
    // The engine keeps the head in eight bits where the blocks have four.
    return linears * bytes(format) + head * Math.max(1, bytes(format));
  }

  private static double bytes(WeightFormat format) {
    return switch (format) {
      case FLOAT32, FLOAT32_PACKED -> 4;
      case BFLOAT16 -> 2;
      case INT8_DYNAMIC -> 1;
      case INT4_GROUP -> 0.5 + 4.0 / 32; // a bfloat16 scale and mid-point for every 32
    };
  }
}
