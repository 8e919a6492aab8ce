package io.kerf.eval;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** The logits at one place, from which clozes are answered. */
final class PlaceReading {
  private static final int TOP = 10;

  private final float[] logits; // (V)
  private final double logSumExp;
  private final List<Answer.Guess> top;

  PlaceReading(float[] logits) {
    this.logits = logits;
    double max = Double.NEGATIVE_INFINITY;
    for (float logit : logits) {
      max = Math.max(max, logit);
    }
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit - max);
    }
    this.logSumExp = max + Math.log(sum);
    this.top = top();
  }

  Answer.Cloze answer(Request.Cloze cloze) {
    float right = logits[cloze.object()];
    int rank = 1;
    int rankAmongWrong = 1;
    int rankInVocabulary = 1;
    int best = cloze.object();
    for (int id = 0; id < logits.length; id++) {
      if (logits[id] > right) {
        rankInVocabulary++;
        if (cloze.candidates().contains(id)) {
          rank++;
          rankAmongWrong += cloze.alternatives().contains(id) ? 0 : 1;
          best = logits[id] > logits[best] ? id : best;
        }
      }
    }
    return new Answer.Cloze(
        right - logSumExp,
        rank,
        rankAmongWrong,
        rankInVocabulary,
        best,
        logits[best] - logSumExp,
        top);
  }

  private List<Answer.Guess> top() {
    // Among equals the lower id is the more likely one, so that the list is always the same.
    Comparator<Integer> likelier =
        Comparator.comparingDouble((Integer id) -> logits[id])
            .thenComparing(Comparator.reverseOrder());
    PriorityQueue<Integer> best = new PriorityQueue<>(likelier);
    for (int id = 0; id < logits.length; id++) {
      if (best.size() < TOP || logits[id] > logits[best.peek()]) {
        best.add(id);
        if (best.size() > TOP) {
          best.poll();
        }
      }
    }
    List<Integer> ids = new ArrayList<>(best);
    ids.sort(likelier.reversed());
    return ids.stream().map(id -> new Answer.Guess(id, logits[id] - logSumExp)).toList();
  }
}
