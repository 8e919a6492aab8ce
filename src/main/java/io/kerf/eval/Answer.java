package io.kerf.eval;

import java.util.List;

/** What a model says to a request. */
public sealed interface Answer {
  /**
   * The answer to a request for likelihood.
   *
   * @param logLikelihood natural log, summed over the scored tokens
   * @param tokens how many were scored
   * @param greedy whether each of them is the model's most likely token
   * @param droppedContextTokens how many were cut off on the left to fit the model's window
   */
  record Likelihood(double logLikelihood, int tokens, boolean greedy, int droppedContextTokens)
      implements Answer {}

  /**
   * The answer to a cloze. A rank is 1 + the number of others with a strictly greater probability.
   *
   * @param logProbability of the object, natural log, over the whole vocabulary
   * @param rank of the object among the candidates
   * @param rankAmongWrong the same without the alternatives, which are right too
   * @param rankInVocabulary of the object among all tokens
   * @param best the candidate that is most likely, whether right or not
   * @param bestLogProbability its own, over the whole vocabulary
   * @param top the most likely tokens of the whole vocabulary, most likely first
   */
  record Cloze(
      double logProbability,
      int rank,
      int rankAmongWrong,
      int rankInVocabulary,
      int best,
      double bestLogProbability,
      List<Guess> top)
      implements Answer {
    public Cloze {
      top = List.copyOf(top);
    }
  }

  /** A token and its log-probability, natural log. */
  record Guess(int token, double logProbability) {}
}
