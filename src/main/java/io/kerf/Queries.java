package io.kerf;

import io.kerf.engine.WeightFormat;
import io.kerf.eval.BreakEven;
import io.kerf.eval.Query;
import io.kerf.eval.SourceText;
import io.kerf.model.Model;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The queries by which two models' times are measured: {@code queries(128, 32).times(40)}.
 *
 * @param query what one is; empty for what is usual for the kind of model
 * @param count how many are measured, each on both models; two more of each warm up
 * @param text whose windows are read; empty for the text that the project ships
 * @param format how linear layers are computed, in both models
 * @param seed says which of the two is asked first
 */
public record Queries(
    Optional<Query> query, int count, Optional<SourceText> text, WeightFormat format, long seed) {
  static final int WARM_UP = 2;
  private static final String SHIPPED = "held_out";

  /** A dozen. */
  static final Queries USUAL =
      new Queries(Optional.empty(), 12, Optional.empty(), Evaluation.QUALITY, 1);

  public Queries {
    if (count < BreakEven.LEAST_QUERIES) {
      throw new IllegalArgumentException(
          "at least "
              + BreakEven.LEAST_QUERIES
              + " queries must be measured to know their spread, was "
              + count);
    }
  }

  /** The same, each of so many tokens. */
  Queries of(int promptTokens, int newTokens) {
    return new Queries(Optional.of(new Query(promptTokens, newTokens)), count, text, format, seed);
  }

  /** The same, so many of them: the more, the narrower the interval. */
  public Queries times(int newCount) {
    return new Queries(query, newCount, text, format, seed);
  }

  /** The same, out of a text that {@code perplexity} knows by name: "wikitext2". */
  public Queries on(String name) {
    return new Queries(query, count, Optional.of(Kerf.text(name)), format, seed);
  }

  /** The same, out of a text of one's own. */
  public Queries on(Path file) {
    return new Queries(query, count, Optional.of(SourceText.of(file)), format, seed);
  }

  /** The same with linear layers computed in that format. */
  public Queries in(WeightFormat newFormat) {
    return new Queries(query, count, text, newFormat, seed);
  }

  /** The same in another order. */
  public Queries seed(long newSeed) {
    return new Queries(query, count, text, format, newSeed);
  }

  Query queryOf(Model model) {
    return query.orElseGet(() -> Query.usual(model.config().family().kind()));
  }

  SourceText source() {
    return text.orElseGet(() -> Kerf.text(SHIPPED));
  }
}
