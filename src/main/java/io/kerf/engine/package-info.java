/**
 * Runs models: libtorch through DJL, a forward pass per family as a page of TorchScript.
 *
 * <p>Start with {@link io.kerf.engine.Session}, of which there is one for each kind of model:
 * masked, causal, encoder-decoder; of a causal one, a {@link io.kerf.engine.Prefix} is what it has
 * read and keeps; {@link io.kerf.engine.Ensemble} runs variants that begin with the same blocks
 * together; {@link io.kerf.engine.Sampler} writes text by drawing tokens. May use tensor, text and
 * model. DJL and libtorch live here alone (DJL's tokenizers: in text). No native type appears in a
 * public signature; a session owns all native memory and gives it back when closed.
 */
package io.kerf.engine;
