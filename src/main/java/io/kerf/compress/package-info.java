/**
 * Cuts: each a function from a model to a model with one more step of lineage.
 *
 * <p>Start with {@link io.kerf.compress.Compression}; {@link io.kerf.compress.Magnitude} is one to
 * read in full. Cuts are immutable values, compose in any order and share every tensor they leave
 * alone; {@link io.kerf.compress.Achieved} measures what came of them. May use tensor, text, model
 * and engine.
 *
 * <p>Weights W are (out, in), a sparsity is the share of weights that are zero, N:M keeps N of
 * every M consecutive weights of a row.
 */
package io.kerf.compress;
