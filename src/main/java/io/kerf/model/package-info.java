/**
 * What a model is: its configuration, its weights by role, where it came from and what was done to
 * it.
 *
 * <p>Start with {@link io.kerf.model.Model}; {@link io.kerf.model.ModelReader} makes one of files,
 * {@link io.kerf.model.ModelWriter} and {@link io.kerf.model.GgufModelWriter} files of one; an
 * {@link io.kerf.model.Adapter} is what is added to one. May use tensor, format, source and text.
 * An {@code Architecture} maps one family's names to roles, so that everything after this package
 * speaks of roles alone; a {@link io.kerf.model.Stack} tells an encoder's blocks from a decoder's.
 *
 * <p>Letters: B sequences, T tokens, N tokens of all sequences, D model width, H heads, K key/value
 * heads, V vocabulary.
 */
package io.kerf.model;
