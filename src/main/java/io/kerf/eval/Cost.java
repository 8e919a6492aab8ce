package io.kerf.eval;

import io.kerf.engine.TokenTree;
import io.kerf.model.Block;
import io.kerf.model.Model;
import io.kerf.model.Role;
import java.util.function.Predicate;

/**
 * How much arithmetic a model's forward pass is, in floating-point operations: a multiplication and
 * an addition are two.
 *
 * @param perToken of all linear layers before the head but those of the last block that follow
 *     attention: these are needed where the head reads, and nowhere else
 * @param perPair of attention's two products, for one token looking at one other, in all blocks
 *     without a window
 * @param perWindowPair the same in all blocks with one
 * @param window how many tokens those look at
 * @param perScored of these and the head, for one position
 */
record Cost(double perToken, double perPair, double perWindowPair, int window, double perScored) {
  static Cost of(Model model) {
    double linear =
        model.blocks().stream().mapToDouble(block -> elements(block, Role::isBlockLinear)).sum();
    double finishing =
        elements(
            model.blocks().get(model.blocks().size() - 1),
            role -> role == Role.OUTPUT || role.isFeedForward());
    var config = model.config();
    double width = config.embeddings().width();
    double head =
        width * config.vocabulary()
            + (model.shared().containsKey(Role.HEAD_TRANSFORM) ? width * config.width() : 0)
            + (model.shared().containsKey(Role.PROJECT_OUT) ? width * config.width() : 0);
    double projected = model.shared().containsKey(Role.PROJECT_IN) ? width * config.width() : 0;
    double attention = 4.0 * config.attention().heads() * config.attention().headWidth();
    var window = config.attention().window();
    long limited = model.blocks().stream().filter(b -> window.limits(b.origin())).count();
    return new Cost(
        2 * (linear - finishing + projected),
        attention * (model.blocks().size() - limited),
        attention * limited,
        window.tokens(),
        2 * (finishing + head));
  }

  private static double elements(Block block, Predicate<Role> counted) {
    return block.parameters().entrySet().stream()
        .filter(e -> counted.test(e.getKey()))
        .mapToDouble(e -> e.getValue().elements())
        .sum();
  }

  /**
   * Of a tree's tokens, each looking at itself, its ancestors and what stands before the tree;
   * without what is scored.
   */
  double tree(TokenTree tree, int before) {
    double flops = perToken * tree.size();
    for (int node = 0; node < tree.size(); node++) {
      flops += seeing(before + tree.depth(node) + 1);
    }
    return flops;
  }

  /** Of a sequence's tokens after those that stand before it; without what is scored. */
  double following(int before, int tokens) {
    return causal(before + tokens) - causal(before);
  }

  /** Of a sequence in which every token looks at those before it; without what is scored. */
  double causal(int tokens) {
    double inside = Math.min(tokens, window);
    double windowPairs = inside * (inside + 1) / 2 + (tokens - inside) * window;
    return perToken * tokens + perPair * tokens * (tokens + 1.0) / 2 + perWindowPair * windowPairs;
  }

  private double seeing(int tokens) {
    return perPair * tokens + perWindowPair * Math.min(tokens, window);
  }

  /** Of a sequence in which every token looks at every other; without what is scored. */
  double bidirectional(int tokens) {
    return perToken * tokens + perPair * tokens * tokens;
  }
}
