package io.kerf.eval.lama;

import io.kerf.eval.Place;
import io.kerf.model.Model;

/** How one family of models is asked for the object of a sentence. */
sealed interface Prompts permits MaskedPrompts, CausalPrompts, SentinelPrompts {
  /**
   * The prompts for a model's family.
   *
   * @param instruction what an encoder-decoder reads before a sentence
   */
  static Prompts of(Model model, String instruction) {
    return switch (model.config().family().kind()) {
      case MASKED -> new MaskedPrompts(model.tokenizer());
      case CAUSAL -> new CausalPrompts(model);
      case ENCODER_DECODER -> new SentinelPrompts(model, instruction);
    };
  }

  /** The words of the model's vocabulary. */
  Words words();

  /** The rule by which the family cannot be asked for the blank of a sentence; null if it can. */
  String refusal(Sentence sentence);

  /** The rule by which it cannot be asked for a filled sentence; null if it can. */
  String refusalOfFilled(Sentence sentence);

  /** A sentence that is not refused. */
  Blank blank(Sentence sentence);

  /** A sentence as the family reads it. */
  interface Blank {
    /** What the model is shown. */
    String text();

    /** Where the object is predicted. */
    Place place();

    /** The object in the family's own cloze, however many tokens it has. */
    Scored spelled(String object);

    /**
     * The object in the filled sentence. Up to a constant that is the same for all objects this is
     * log P(object | what stands around it), by whatever way the family has to it.
     */
    Scored filled(String object);
  }
}
