package io.kerf.eval;

import io.kerf.model.Block;
import io.kerf.model.Model;
import io.kerf.model.Role;
import io.kerf.model.Stack;
import java.util.function.Predicate;

/**
 * How much arithmetic an encoder-decoder's forward pass is, in floating-point operations: a
 * multiplication and an addition are two.
 *
 * @param perEncoded of all linear layers that a context's token goes through, the decoder's
 *     projections of the encoder's output among them
 * @param perEncodedPair of attention's two products in all encoder blocks
 * @param perDecoded of all linear layers that a decoder's token goes through, before the head
 * @param perDecodedPair of attention's two products in all decoder blocks
 * @param perScored of the head, for one position
 */
record CrossCost(
    double perEncoded,
    double perEncodedPair,
    double perDecoded,
    double perDecodedPair,
    double perScored) {
  static CrossCost of(Model model) {
    Predicate<Role> ofMemory = role -> role == Role.CROSS_KEY || role == Role.CROSS_VALUE;
    var config = model.config();
    double pair = 4.0 * config.attention().heads() * config.attention().headWidth();
    return new CrossCost(
        2 * (linear(model, Stack.ENCODER, role -> true) + linear(model, Stack.DECODER, ofMemory)),
        pair * model.blocks(Stack.ENCODER).size(),
        2 * linear(model, Stack.DECODER, ofMemory.negate()),
        pair * model.blocks(Stack.DECODER).size(),
        2.0 * config.width() * config.vocabulary());
  }

  private static double linear(Model model, Stack stack, Predicate<Role> counted) {
    double elements = 0;
    for (Block block : model.blocks(stack)) {
      for (var entry : block.parameters().entrySet()) {
        if (entry.getKey().isBlockLinear() && counted.test(entry.getKey())) {
          elements += entry.getValue().elements();
        }
      }
    }
    return elements;
  }

  /** Of a context through the encoder. */
  double encoded(int tokens) {
    return perEncoded * tokens + perEncodedPair * tokens * tokens;
  }

  /** Of a text through the decoder; without the head. */
  double decoded(int tokens, int context) {
    double pairs = tokens * (tokens + 1.0) / 2 + (double) tokens * context;
    return perDecoded * tokens + perDecodedPair * pairs;
  }
}
