package io.kerf.eval;

import io.kerf.engine.TokenTree;
import io.kerf.model.Model;
import io.kerf.model.Role;

/**
 * How much arithmetic a model's forward pass is, in floating-point operations: a multiplication and
 * an addition are two.
 *
 * @param perToken of all linear layers inside the blocks
 * @param perPair of attention's two products, for one token looking at one other, in all blocks
 * @param perScored of the head, for one position
 */
record Cost(double perToken, double perPair, double perScored) {
  static Cost of(Model model) {
    double linear =
        model.blocks().stream()
            .flatMap(b -> b.parameters().entrySet().stream())
            .filter(e -> e.getKey().isBlockLinear())
            .mapToDouble(e -> e.getValue().elements())
            .sum();
    var config = model.config();
    double width = config.embeddings().width();
    double head =
        width * config.vocabulary()
            + (model.shared().containsKey(Role.HEAD_TRANSFORM) ? width * config.width() : 0);
    double attention =
        4.0 * config.attention().heads() * config.attention().headWidth() * model.blocks().size();
    return new Cost(2 * linear, attention, 2 * head);
  }

  /** Of a tree's tokens, each looking at itself and its ancestors; without the head. */
  double tree(TokenTree tree) {
    double pairs = 0;
    for (int node = 0; node < tree.size(); node++) {
      pairs += tree.depth(node) + 1;
    }
    return perToken * tree.size() + perPair * pairs;
  }

  /** Of a sequence in which every token looks at those before it; without the head. */
  double causal(int tokens) {
    return perToken * tokens + perPair * tokens * (tokens + 1.0) / 2;
  }

  /** Of a sequence in which every token looks at every other; without the head. */
  double bidirectional(int tokens) {
    return perToken * tokens + perPair * tokens * tokens;
  }
}
