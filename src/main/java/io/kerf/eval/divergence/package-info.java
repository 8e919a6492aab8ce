/**
 * How far a cut model's predictions have moved from the dense model's, position by position: the
 * Kullback-Leibler divergence, entropies, and the places where they part most.
 *
 * <p>Start with {@link io.kerf.eval.divergence.Comparison}. May use eval, engine, model and text.
 *
 * <p>Letters: T tokens of a window, V vocabulary.
 */
package io.kerf.eval.divergence;
