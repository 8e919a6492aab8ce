/**
 * Multiple choice, last words and perplexity, asked and scored as lm-evaluation-harness 0.4.13 does
 * it, so that numbers compare.
 *
 * <p>Start with {@link io.kerf.eval.harness.Harness}, which finds tasks by name and reads those of
 * the user. A task is a YAML file in the harness's own format: {@link
 * io.kerf.eval.harness.TaskFile} reads the YAML, {@link io.kerf.eval.harness.TaskReader} what it
 * says, {@link io.kerf.eval.harness.TaskData} finds its rows, {@link io.kerf.eval.harness.RowAsker}
 * turns a row into requests, {@link io.kerf.eval.harness.Shots} chooses the examples before it. May
 * use eval, name, rows, source, template, text and model.
 */
package io.kerf.eval.harness;
