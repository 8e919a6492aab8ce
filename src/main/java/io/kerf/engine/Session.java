package io.kerf.engine;

import io.kerf.model.Model;

/**
 * A model made ready to run. It owns all native memory; close it.
 *
 * <p>A session is used by one thread at a time.
 */
public sealed interface Session extends AutoCloseable
    permits EncoderSession, DecoderSession, EncoderDecoderSession {
  /** Opens a model of any kind. */
  static Session open(Model model, WeightFormat format) {
    return switch (model.config().family().kind()) {
      case MASKED -> EncoderSession.open(model, format);
      case CAUSAL -> DecoderSession.open(model, format);
      case ENCODER_DECODER -> EncoderDecoderSession.open(model, format);
    };
  }

  Model model();

  WeightFormat format();

  /** Gives all native memory back. A closed session throws IllegalStateException when used. */
  @Override
  void close();
}
