/**
 * Tokenizers: {@code tokenizer.json}, WordPiece {@code vocab.txt}, GGUF's own, llama2.c's.
 *
 * <p>Start with {@link io.kerf.text.Tokenizer}; {@link io.kerf.text.Tokenizers} reads them. May use
 * format and source; DJL's tokenizers live here alone.
 */
package io.kerf.text;
