package io.kerf.train.corpus;

import io.kerf.model.Family;
import io.kerf.model.Model;
import io.kerf.progress.ProgressListener;
import java.util.Objects;
import java.util.Optional;

/**
 * How a corpus becomes examples: its documents stand one after another and are cut into windows of
 * equal length, whatever does not fill one at the end being left out; the windows come in an order
 * that is drawn anew each time all have come.
 *
 * <p>Before each document stands what a causal model's tokenizer puts before a text: LLaMA's bos,
 * nothing for GPT-2. Between two stands what ends a text: what the tokenizer puts behind one
 * (BERT's [SEP], T5's eos), else its end of sequence, unless that begins each document already
 * (OPT). So the windows of one text are those that transformers' language modeling examples group
 * it into, token for token; between several texts of GPT-2 those put no end, where its own training
 * had one. Windows of a masked model stand between the tokenizer's special tokens ([CLS], [SEP]).
 *
 * @param contextTokens T, how many tokens the model reads of each example
 * @param seed of the order, and of what an objective draws
 * @param objective empty for the one of the model's kind
 * @param cache where tokens are kept
 */
public record Packing(
    int contextTokens, long seed, Optional<Objective> objective, TokenCache cache) {
  public Packing {
    Objects.requireNonNull(objective, "objective");
    Objects.requireNonNull(cache, "cache");
  }

  /** As the model's kind has it, kept where the user's tokens are. */
  public static Packing of(int contextTokens, long seed) {
    return new Packing(contextTokens, seed, Optional.empty(), TokenCache.ofUser());
  }

  /** The same, learning that. */
  public Packing by(Objective other) {
    return new Packing(contextTokens, seed, Optional.of(other), cache);
  }

  /** The same, tokens being kept there. */
  public Packing keptIn(TokenCache other) {
    return new Packing(contextTokens, seed, objective, other);
  }

  /**
   * The examples of a corpus for a model, tokenised the first time.
   *
   * @throws io.kerf.file.BadFileException if it cannot be read, or is too short for one example
   * @throws IllegalArgumentException if the model cannot learn that, or its tokenizer does not fit
   */
  public Examples examples(Corpus corpus, Model model, ProgressListener listener) {
    ExampleMaker maker = maker(model);
    return examples(cache.tokens(corpus, model, listener), corpus.label(), maker);
  }

  /** As {@link #examples(Corpus, Model, ProgressListener)}, of documents that come in tokens. */
  public Examples examples(TokenDocuments documents, Model model, ProgressListener listener) {
    ExampleMaker maker = maker(model);
    return examples(cache.tokens(documents, model, listener), documents.label(), maker);
  }

  private ExampleMaker maker(Model model) {
    Family.Kind kind = model.config().family().kind();
    Objective learned = objective.orElseGet(() -> Objective.of(kind));
    if (learned.kind() != kind) {
      throw new IllegalArgumentException(
          "%s is %s, and cannot learn by %s, which is for %s"
              .formatted(model.label(), kind.described(), learned, learned.kind().described()));
    }
    int positions = model.config().maxPositions();
    if (contextTokens > positions && kind != Family.Kind.ENCODER_DECODER) {
      throw new IllegalArgumentException(
          "%s has %d positions, examples were to have %d tokens: use a context of at most %d"
              .formatted(model.label(), positions, contextTokens, positions));
    }
    if (learned instanceof Masking masking) {
      return MaskedMaker.of(masking, model, contextTokens);
    }
    if (learned instanceof SpanCorruption spans) {
      return SpanMaker.of(spans, model, contextTokens);
    }
    return new CausalMaker(contextTokens);
  }

  static void requireContext(int least, int contextTokens) {
    if (contextTokens < least) {
      throw new IllegalArgumentException(
          "examples need at least " + least + " tokens each, were to have " + contextTokens);
    }
  }

  private Examples examples(TokenFile tokens, String label, ExampleMaker maker) {
    TokenHeader held = tokens.header();
    int needed = maker.windowTokens();
    if (held.tokens() == 0) {
      throw new CorpusException(
          label + " is empty: no text was found in it, so there is nothing to learn");
    }
    if (held.tokens() < needed) {
      throw new CorpusException(
          "%s has %d tokens, a window needs %d: use a shorter context or more text"
              .formatted(label, held.tokens(), needed));
    }
    String objectiveLabel = objective.map(Objective::label).orElse("");
    String named =
        label
            + ", "
            + contextTokens
            + " tokens each"
            + (objectiveLabel.isEmpty() ? "" : ", " + objectiveLabel)
            + ", seed "
            + seed;
    String decides = "%s\n%d\n%s\n%d".formatted(held.key(), contextTokens, maker, seed);
    return new WindowedExamples(tokens, maker, seed, named, Sha256.of(decides));
  }
}
