package io.kerf.eval;

import io.kerf.engine.DecoderSession;
import io.kerf.model.Model;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Requests for likelihood, planned and answered. */
final class CausalWorkload implements Workload {
  private final Map<Request, RequestEncoder.Encoded> encoded = new LinkedHashMap<>();
  private final Map<Span, Integer> places = new HashMap<>();
  private final List<Span> spans = new ArrayList<>(); // distinct, first come first
  private final TokenScorer scorer;
  private final Cost cost;
  private final CausalPlan plan;
  private final double[] logLikelihoods; // by span
  private final boolean[] greedy;
  private final boolean[] done;
  private final long unplannedTokens;
  private final double unplannedFlops;

  /**
   * @param batchTokens about how many tokens are computed at once; 0 for every request alone
   */
  CausalWorkload(Model model, TokenScorer scorer, List<Request> requests, int batchTokens) {
    this.scorer = scorer;
    this.cost = Cost.of(model);
    RequestEncoder encoder =
        new RequestEncoder(model.tokenizer(), model.config().maxPositions(), prefixToken(model));
    long tokens = 0;
    double flops = 0;
    for (Request request : requests) {
      var parts = encoded.computeIfAbsent(request, encoder::encode);
      for (Span span : parts.spans()) {
        int inputs = span.context().size() + span.scored().size() - 1;
        tokens += inputs;
        flops += cost.causal(inputs) + cost.perScored() * span.scored().size();
        places.computeIfAbsent(
            span,
            s -> {
              spans.add(s);
              return spans.size() - 1;
            });
      }
    }
    unplannedTokens = tokens;
    unplannedFlops = flops;
    plan = batchTokens == 0 ? CausalPlan.unplanned(spans) : CausalPlan.of(spans, batchTokens);
    logLikelihoods = new double[spans.size()];
    greedy = new boolean[spans.size()];
    done = new boolean[spans.size()];
  }

  /** What stands before a text without context: the beginning-of-sequence token, else the end. */
  private static int prefixToken(Model model) {
    int bos = model.tokenizer().bosId().orElse(model.config().special().bos());
    int prefix = bos >= 0 ? bos : model.tokenizer().eosId().orElse(model.config().special().eos());
    if (prefix < 0) {
      throw new IllegalArgumentException(
          model.lineage().name()
              + " names neither a beginning- nor an end-of-sequence token, and one of them has to"
              + " stand before a text without context");
    }
    return prefix;
  }

  @Override
  public List<Step> steps() {
    return plan.batches().stream().map(b -> new Step(b.tokens(), () -> compute(b))).toList();
  }

  private void compute(CausalPlan.Batch batch) {
    DecoderSession.Scores scores = scorer.score(batch.trees(), batch.targets());
    int target = 0;
    for (int index : batch.spans()) {
      double sum = 0;
      boolean all = true;
      for (int t = 0; t < spans.get(index).scored().size(); t++, target++) {
        sum += scores.logProbabilities()[target];
        all &= scores.greedy()[target];
      }
      logLikelihoods[index] = sum;
      greedy[index] = all;
      done[index] = true;
    }
  }

  @Override
  public Optional<Answer> answer(Request request) {
    var parts = encoded.get(request);
    double sum = 0;
    boolean all = true;
    for (Span span : parts.spans()) {
      int index = places.get(span);
      if (!done[index]) {
        return Optional.empty();
      }
      sum += logLikelihoods[index];
      all &= greedy[index];
    }
    return Optional.of(
        new Answer.Likelihood(sum, parts.scoredTokens(), all, parts.droppedContextTokens()));
  }

  @Override
  public int distinctRequests() {
    return encoded.size();
  }

  @Override
  public long unplannedTokens() {
    return unplannedTokens;
  }

  @Override
  public double unplannedFlops() {
    return unplannedFlops;
  }

  @Override
  public double plannedFlops() {
    double flops = 0;
    for (var batch : plan.batches()) {
      flops += batch.trees().stream().mapToDouble(cost::tree).sum();
      long positions =
          batch.targets().stream().map(t -> (long) t.tree() << 32 | t.node()).distinct().count();
      flops += cost.perScored() * positions;
    }
    return flops;
  }
}
