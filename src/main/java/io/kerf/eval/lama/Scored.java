package io.kerf.eval.lama;

import io.kerf.eval.Answer;
import io.kerf.eval.Request;
import java.util.List;

/**
 * An object, or the text from it on, as its likelihood is asked.
 *
 * @param requests whose log-likelihoods add up to it
 * @param tokens how many are scored
 * @param bytes of the text that is scored, in UTF-8
 */
record Scored(List<Request> requests, int tokens, int bytes) {
  Scored {
    requests = List.copyOf(requests);
  }

  /** The log-likelihood that one answer adds, natural log. */
  static double logLikelihood(Answer answer) {
    return answer instanceof Answer.Likelihood likelihood
        ? likelihood.logLikelihood()
        : ((Answer.Cloze) answer).logProbability();
  }
}
