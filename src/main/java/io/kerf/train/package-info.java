/**
 * Training after a cut: a function from a model to a model with one more step of lineage.
 *
 * <p>May use tensor, format, text, model, engine, compress and train.corpus. A step is one change
 * of the weights; losses are means over labels, in nats; tokens are those that are read.
 */
package io.kerf.train;
