package io.kerf.train.corpus;

import io.kerf.model.Family;

/** What a model learns of a text. */
public sealed interface Objective permits NextToken, Masking, SpanCorruption {
  /** The one by which models of that kind were trained first. */
  static Objective of(Family.Kind kind) {
    return switch (kind) {
      case CAUSAL -> new NextToken();
      case MASKED -> new Masking(0.15);
      case ENCODER_DECODER -> new SpanCorruption(0.15, 3);
    };
  }

  /** The kind of models that can learn it. */
  Family.Kind kind();

  /** In words, for lineage and tables; blank where it goes without saying. */
  String label();
}
