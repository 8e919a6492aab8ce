/**
 * Prompts said otherwise: with typing errors, or in other words. A model that knows an answer gives
 * it all the same.
 *
 * <p>Start with {@link io.kerf.eval.rewording.RewordedTask}; a change of one's own implements
 * {@link io.kerf.eval.rewording.Rewording}. May use eval and model.
 */
package io.kerf.eval.rewording;
