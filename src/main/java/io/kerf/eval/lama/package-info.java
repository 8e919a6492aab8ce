/**
 * LAMA: how much a language model knows (Petroni et al., arXiv 1909.01066), on the original files,
 * by the original protocol for masked models, by each other family's own cloze, and by one probe
 * that all families answer alike.
 *
 * <p>Start with {@link io.kerf.eval.lama.Lama}, which finds corpora by name; {@link
 * io.kerf.eval.lama.LamaTask} is the protocol, {@link io.kerf.eval.lama.ParaphraseTask} asks the
 * same facts in several ways. May use eval, name, text and model.
 *
 * <p>An object's score is the log-likelihood of its tokens, natural log; {@link
 * io.kerf.eval.lama.Normalisation} says what it is divided by.
 */
package io.kerf.eval.lama;
