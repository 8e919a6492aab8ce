/**
 * Multiple choice, last words and perplexity, asked and scored as lm-evaluation-harness 0.4.13 does
 * it, so that numbers compare.
 *
 * <p>Start with {@link io.kerf.eval.harness.Harness}, which finds tasks by name; a new task of an
 * existing kind is one more row of {@link io.kerf.eval.harness.QuestionFormat}. May use eval, name,
 * text and model.
 */
package io.kerf.eval.harness;
