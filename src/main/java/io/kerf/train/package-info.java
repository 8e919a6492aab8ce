/**
 * Training after a cut: a function from a model to a model with one more step of lineage.
 *
 * <p>May use tensor, format, source, text, model, engine, compress and train.corpus. Start with
 * {@link io.kerf.train.Pretraining} and {@link io.kerf.train.TrainingRun}. A step is one change of
 * the weights; losses are means over labels, in nats; tokens are those that are read.
 */
package io.kerf.train;
