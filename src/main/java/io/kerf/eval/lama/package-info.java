/**
 * LAMA: how much a masked language model knows (Petroni et al., arXiv 1909.01066), by the original
 * protocol and on the original files.
 *
 * <p>Start with {@link io.kerf.eval.lama.Lama}, which finds corpora by name; {@link
 * io.kerf.eval.lama.LamaTask} is the protocol. May use eval, name, text and model.
 */
package io.kerf.eval.lama;
