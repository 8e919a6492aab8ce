/**
 * What models learn from: corpora, tokenised once, packed into examples.
 *
 * <p>Start with {@link io.kerf.train.corpus.Examples}. May use rows, source, text, model and
 * engine.
 */
package io.kerf.train.corpus;
