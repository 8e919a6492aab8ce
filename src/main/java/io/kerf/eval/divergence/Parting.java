package io.kerf.eval.divergence;

/**
 * A position at which two models part.
 *
 * @param passage index of the passage
 * @param position index of the position in it
 * @param divergence KL(dense || variant) there, in nats
 * @param denseSays the dense model's likeliest token
 * @param variantSays the variant's
 */
public record Parting(
    int passage, int position, double divergence, int denseSays, int variantSays) {}
