/**
 * What models learn from: corpora, tokenised once, packed into examples.
 *
 * <p>Start with {@link io.kerf.train.corpus.Corpus}, {@link io.kerf.train.corpus.Packing} and
 * {@link io.kerf.train.corpus.Examples}. May use tensor, rows, source, text, model and engine. A
 * corpus is documents of text; {@link io.kerf.train.corpus.TokenDocuments} are such in tokens. T is
 * how many tokens a model reads of one example.
 */
package io.kerf.train.corpus;
